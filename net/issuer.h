/* SPDX-License-Identifier: Apache-2.0 */
/* net/issuer.h: who makes evidence: a program behind two pipes, asked one request at a time.
 *
 *     request = length (u32) | REPORT_DATA (64 bytes)
 *     answer  = length (u32) | 0 | document, as it goes into the extension of a certificate
 *             = length (u32) | 1 | why there is none, in UTF-8
 *
 * Numbers are big-endian.  The program reads requests from standard input and writes answers to standard output until
 * its input ends; standard error is ours.  It is started once, before a process gives up the right to start any.
 *
 * The trap: a program is no machine.  Evidence that it makes is worth what its root is worth, so that `exec:` goes only
 * with a root given by hand.  Not checked here: the evidence.
 */
#ifndef NET_ISSUER_H
#define NET_ISSUER_H

#include "net/buffer.h"

enum { ISSUER_REPORT_DATA_BYTES = 64 };

/* A document: report, certificates and a CRL have about 8 KiB. */
#define LIMIT_ISSUER_DOCUMENT_BYTES 65536

/* From a request to its answer.  A machine takes milliseconds, and with certificates to be fetched some seconds. */
enum { ISSUER_MS = 20000 };

struct issuer;

/* `what` is "auto", this machine (net/machine.h) in a process of its own, or "exec:PROGRAM".  That a machine is no SEV
 * guest shows with the first request.  The caller closes it.  ERR_SYNTAX, ERR_IO, ERR_NOMEM. */
MUST_USE status issuer_open(const char *what, struct issuer **out, struct err *err);

/* For who waits for other things as well: asks, and takes what has come once `issuer_file` can be read.  One request at
 * a time.  When the answer is whole its document was appended; an error with it is of this answer alone: ERR_DENIED
 * with the program's words when it made none.  After another one (ERR_IO) the issuer is of no use any more. */
MUST_USE status issuer_ask(struct issuer *i, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], struct err *err);
MUST_USE status issuer_take(struct issuer *i, struct buffer *out, bool *is_whole, struct err *err);
int issuer_file(const struct issuer *i);

/* Both, and waits.  Appends a document over `report_data`.  ERR_IO when none comes: then the issuer is of no use any
 * more; ERR_DENIED with the program's words when it made none. */
MUST_USE status issuer_issue(struct issuer *i, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], struct buffer *out,
                             struct err *err);

/* Closes the pipes, upon which the program ends.  NULL is fine. */
void issuer_close(struct issuer *i);

#endif
