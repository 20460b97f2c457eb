/* SPDX-License-Identifier: Apache-2.0 */
/* parse/time.h: points in time as int64_t seconds since 1970-01-01T00:00:00Z, and their notations.
 *
 * The calendar is the Gregorian one, before its introduction too; years 0 to 9999, which is what the notations can
 * say.  Every day has 86 400 seconds (POSIX): a leap second cannot be said and is refused.
 *
 * No clock is read here.  Texts are borrowed for the call only; offsets in errors count from the start of the text;
 * outputs are written on success only.
 */
#ifndef PARSE_TIME_H
#define PARSE_TIME_H

#include "parse/bytes.h"
#include "parse/status.h"

#define TIME_MIN (-62167219200) /* 0000-01-01T00:00:00Z */
#define TIME_MAX 253402300799   /* 9999-12-31T23:59:59Z */

struct time_civil {
    unsigned year, month, day; /* month and day count from 1 */
    unsigned hour, minute, second;
};

/* ERR_RANGE for a day that the calendar does not have, an hour above 23, a minute or second above 59. */
MUST_USE status time_from_civil(const struct time_civil *civil, int64_t *out, struct err *err);

/* ERR_RANGE outside TIME_MIN..TIME_MAX. */
MUST_USE status time_to_civil(int64_t time, struct time_civil *out, struct err *err);

/* RFC 3339 date-time in whole seconds: 2026-11-23T00:00:00Z, 2026-11-23T01:00:00+01:00.  Stricter than the RFC: `T`
 * and `Z` in upper case, no fraction of a second (it would be lost). */
MUST_USE status time_parse_rfc3339(bytes text, int64_t *out, struct err *err);

/* The two forms that RFC 5280 section 4.1.2.5 allows in a certificate: UTCTime YYMMDDHHMMSSZ, with YY from 50 on
 * meaning 19YY, and GeneralizedTime YYYYMMDDHHMMSSZ.  Not checked here: that a certificate uses UTCTime up to 2049 and
 * GeneralizedTime from 2050 on. */
MUST_USE status time_parse_utctime(bytes text, int64_t *out, struct err *err);
MUST_USE status time_parse_generalizedtime(bytes text, int64_t *out, struct err *err);

#define TIME_TEXT_SIZE 21 /* 2026-11-23T00:00:00Z and a NUL */

/* RFC 3339 in UTC, as above.  ERR_RANGE outside TIME_MIN..TIME_MAX. */
MUST_USE status time_write_rfc3339(int64_t time, char out[TIME_TEXT_SIZE], struct err *err);

#endif
