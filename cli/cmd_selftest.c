/* SPDX-License-Identifier: Apache-2.0 */
/* contrast selftest: known answers. */
#include "cli/commands.h"
#include "cli/selftest.h"
#include "parse/text.h"
#include "parse/version.h"

static int test(const struct command *self)
{
    size_t failed = 0;
    printf("contrast " CONTRAST_VERSION ", %s\n", crypto_library());
    for (size_t i = 0; i < selftest_count; i++) {
        bool passed = selftests[i].passes();
        failed += !passed;
        printf("%-6s %s\n", passed ? "passed" : "FAILED", selftests[i].name);
    }
    printf("%zu passed, %zu failed\n", selftest_count - failed, failed);
    int flushed = command_flush(self);
    return failed > 0 ? EXIT_INTERNAL : flushed;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct text_list operands = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, NULL, &operands, &memory);
    if (code == EXIT_DONE && operands.count > 0)
        code = usage_error(self, "takes no operand %s", text_quote(text_bytes(operands.items[0])).s);
    arena_free(&memory);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
    return test(self);
}

const struct command command_selftest = {
    .name = "selftest",
    .operands = "",
    .summary = "compute known answers, and fail when one is not as it should be",
    .description =
        "Digests, signatures that are valid and signatures that are not, AMD's built-in keys with the signatures "
        "of AMD's own certificates, and the format rules of a report. It shows that this program computes "
        "rightly on this machine; it cannot show that nobody has changed the program.",
    .run = run,
};
