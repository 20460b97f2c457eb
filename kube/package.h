/* SPDX-License-Identifier: Apache-2.0 */
/* kube/package.h: files that come with the program, inside of it. */
#ifndef KUBE_PACKAGE_H
#define KUBE_PACKAGE_H

#include "parse/bytes.h"

bytes package_rules(void);            /* kube/rules.rego */
bytes package_settings(void);         /* kube/settings.json */
bytes package_reference_values(void); /* kube/reference_values.json */

#endif
