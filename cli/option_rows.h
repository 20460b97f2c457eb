/* SPDX-License-Identifier: Apache-2.0 */
/* cli/option_rows.h: rows of options that several commands have, so that they have one name and one help.
 *
 * Each is an item of an array of struct option_row; `offset` is where the value goes in the settings of the command.
 */
#ifndef CLI_OPTION_ROWS_H
#define CLI_OPTION_ROWS_H

#include "cli/option.h"
#include "cli/report.h"

/* const char *; for commands that ask nobody else */
#define OPTION_COORDINATOR(offset)                                                                                     \
    {.name = "--coordinator",                                                                                          \
     .letter = 'c',                                                                                                    \
     .argument = "HOST:PORT",                                                                                          \
     .help = "the Coordinator; default port: 1313",                                                                    \
     .set = option_set_text,                                                                                           \
     .at = (offset)}

/* struct text_list */
#define OPTION_COLLATERAL(offset)                                                                                      \
    {.name = "--collateral",                                                                                           \
     .argument = "PATH",                                                                                               \
     .help = "file or folder with leaves and CRLs, DER or PEM (repeatable); never roots",                              \
     .set = option_add_text,                                                                                           \
     .at = (offset),                                                                                                   \
     .repeatable = true}

/* bool */
#define OPTION_NO_REVOCATION(offset)                                                                                   \
    {.name = "--no-revocation",                                                                                        \
     .help = "do not ask for a CRL; the verdict says so",                                                              \
     .set = option_set_flag,                                                                                           \
     .at = (offset)}

/* struct text_list */
#define OPTION_INSECURE_ROOT(offset)                                                                                   \
    {.name = "--insecure-root",                                                                                        \
     .argument = "FILE",                                                                                               \
     .help =                                                                                                           \
         "believe these ARK, ASK and ASVK instead of AMD's (repeatable); the verdict says so and the exit code is 10", \
     .set = option_add_text,                                                                                           \
     .at = (offset),                                                                                                   \
     .repeatable = true}

/* const char *; the command includes cli/fetch_options.h */
#define OPTION_KDS_URL(offset)                                                                                         \
    {.name = "--kds-url",                                                                                              \
     .argument = "URL",                                                                                                \
     .help = "where missing leaves and CRLs are got; default: $CONTRAST_KDS_URL, or AMD's service",                    \
     .set = fetch_set_url,                                                                                             \
     .at = (offset)}

/* bool */
#define OPTION_OFFLINE(offset)                                                                                         \
    {.name = "--offline",                                                                                              \
     .help = "take missing leaves and CRLs from the cache alone, and ask nobody for them",                             \
     .set = option_set_flag,                                                                                           \
     .at = (offset)}

/* unsigned: REPORT_x */
#define OPTION_FORMAT(offset)                                                                                          \
    {.name = "--format",                                                                                               \
     .argument = "NAME",                                                                                               \
     .help = "text (default), json or junit",                                                                          \
     .set = option_set_word,                                                                                           \
     .at = (offset),                                                                                                   \
     .words = report_format_names}

/* const char * */
#define OPTION_OUTPUT(offset)                                                                                          \
    {.name = "--output",                                                                                               \
     .letter = 'o',                                                                                                    \
     .argument = "FILE",                                                                                               \
     .help = "write to this file instead of standard output, whole or not at all",                                     \
     .set = option_set_text,                                                                                           \
     .at = (offset)}

#endif
