# SPDX-License-Identifier: Apache-2.0
"""The modules of ./configure.py: tables.py says what is built, graph.py how, check.py what is not allowed."""
