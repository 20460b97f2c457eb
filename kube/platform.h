/* SPDX-License-Identifier: Apache-2.0 */
/* kube/platform.h: the platforms of kube/platforms.def, and the names of their runtime classes. */
#ifndef KUBE_PLATFORM_H
#define KUBE_PLATFORM_H

#include "parse/bytes.h"
#include "parse/status.h"

enum platform {
#define PLATFORM(identifier, name, printed, runtime_class) PLATFORM_##identifier,
#include "kube/platforms.def"
#undef PLATFORM
    PLATFORM_COUNT,
};

struct platform_row {
    const char *name, *printed, *runtime_class;
};

const struct platform_row *platform_row(enum platform platform);

/* In any case of letters; ERR_UNSUPPORTED names all that there are. */
MUST_USE status platform_find(bytes name, enum platform *out, struct err *err);

/* What a pod may ask for: "contrast-cc" and "kata-cc-isolation", where the platform is said elsewhere, and
 * "contrast-cc-PLATFORM" or "contrast-cc-PLATFORM-" and eight digits in hex.  ERR_UNSUPPORTED for anything else. */
MUST_USE status platform_check_runtime_class(bytes name, struct err *err);

#endif
