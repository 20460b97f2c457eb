/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "kube/diff.h"
#include "kube/prepare.h"
#include "kube/text_out.h"
#include "parse/text.h"
#include "verify/crypto.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define DIGEST   "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena memory;

static void free_memory(void)
{
    arena_free(&memory);
}

TestSuite(resource, .fini = free_memory);
TestSuite(lint, .fini = free_memory);
TestSuite(inject, .fini = free_memory);
TestSuite(diff, .fini = free_memory);

static struct prepare_options options_now(void)
{
    static const struct image_replacement items[] = {
        {BYTES_LIT(IMAGE_INITIALIZER), BYTES_LIT("r.example/initializer:v1" DIGEST)},
        {BYTES_LIT(IMAGE_MESH_PROXY), BYTES_LIT("r.example/mesh:v1" DIGEST)},
    };
    return (struct prepare_options){.platform = PLATFORM_METAL_QEMU_SNP, .replacements = {items, 2}};
}

static struct preparation prepare_with(const char *const *texts, size_t count, const struct prepare_options *options)
{
    struct preparation p;
    struct err err = {0};
    bytes inputs[4];
    for (size_t i = 0; i < count; i++)
        inputs[i] = text_bytes(texts[i]);
    cr_assert(is_ok(prepare(inputs, count, options, &memory, &p, &err)), "%s", err.text);
    return p;
}

static struct preparation prepare_one(const char *text)
{
    const struct prepare_options options = options_now();
    return prepare_with(&text, 1, &options);
}

/* ---- objects ---------------------------------------------------------------------------------------------------- */

Test(resource, refuses_what_is_no_object)
{
    static const struct {
        const char *in;
        enum err_kind kind;
        size_t offset;
        const char *says;
    } rows[] = {
        {"a\n", ERR_MISMATCH, 0, "want an object of Kubernetes, which is a mapping"},
        {"- a\n", ERR_MISMATCH, 0, "which is a mapping"},
        {"kind: Pod\n", ERR_MISSING, 0, "want an object of Kubernetes, which has apiVersion"},
        {"---\napiVersion: v1\n", ERR_MISSING, 4, "which has kind"},
        {"apiVersion: 1\nkind: Pod\n", ERR_MISMATCH, 12, "want a string for apiVersion"},
        {"apiVersion: v1\nkind: [Pod]\n", ERR_MISMATCH, 21, "want a string for kind"},
        {"apiVersion: v1\nkind: A\nx: {y: 1, y: 2}\n", ERR_DUPLICATE, 33, "the key \"y\" is there already, in line 3"},
        {"apiVersion: v1\nkind: A\nx: 1\n\"x\": 2\n", ERR_DUPLICATE, 28, "the key \"x\" is there already, in line 3"},
        {"apiVersion: v1\nkind: A\n? [b]\n: c\n", ERR_MISMATCH, 25, "want a scalar as key"},
        {"apiVersion: v1\nkind: A\nx: !y z\n", ERR_UNSUPPORTED, 26, "the tag \"!y\" is not one of YAML's own"},
        {"apiVersion: v1\nkind: A\nx: !!set {}\n", ERR_UNSUPPORTED, 26, "the tag \"tag:yaml.org,2002:set\""},
        {"apiVersion: v1\nkind: List\nitems: [a]\n", ERR_MISMATCH, 34, "which is a mapping"},
        {"apiVersion: v1\nkind: List\nitems: [{}]\n", ERR_MISSING, 34, "which has apiVersion"},
        {"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: []}]\n", ERR_UNSUPPORTED, 34,
         "a list in a list"},
        {"apiVersion: v1\nkind: A\n---\nb\n", ERR_MISMATCH, 27, "which is a mapping"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct yaml_file f;
        struct resources r = {.count = 77};
        struct err err = {0};
        cr_assert(is_ok(yaml_parse(text_bytes(rows[i].in), &memory, &f, NULL)));
        cr_expect_eq(resources_read(&f, &r, &err).kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        cr_expect(strstr(err.text, rows[i].says), "%s: %s", rows[i].in, err.text);
        cr_expect(err.offset == rows[i].offset && r.count == 77, "%s: %zu", rows[i].in, err.offset);
    }
}

Test(resource, finds_pods_in_all_kinds)
{
    static const struct {
        const char *in;
        bool has_pod;
    } rows[] = {
        {"apiVersion: v1\nkind: Pod\nspec: {runtimeClassName: contrast-cc}\n", true},
        {"apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {runtimeClassName: contrast-cc}}}\n", true},
        {"apiVersion: apps/v1\nkind: StatefulSet\nspec: {template: {spec: {runtimeClassName: contrast-cc-x}}}\n", true},
        {"apiVersion: apps/v1\nkind: DaemonSet\nspec: {template: {spec: {runtimeClassName: kata-cc-isolation}}}\n",
         true},
        {"apiVersion: apps/v1\nkind: ReplicaSet\nspec: {template: {spec: {runtimeClassName: contrast-cc}}}\n", true},
        {"apiVersion: v1\nkind: ReplicationController\nspec: {template: {spec: {runtimeClassName: contrast-cc}}}\n",
         true},
        {"apiVersion: batch/v1\nkind: Job\nspec: {template: {spec: {runtimeClassName: contrast-cc}}}\n", true},
        {"apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {runtimeClassName: "
         "contrast-cc}}}}}\n",
         true},
        {"apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, spec: {runtimeClassName: contrast-cc}}]\n",
         true},
        {"apiVersion: v1\nkind: PodList\nitems: [{spec: {runtimeClassName: contrast-cc}}]\n", true},
        {"apiVersion: apps/v1\nkind: Pod\nspec: {runtimeClassName: contrast-cc}\n", false},
        {"apiVersion: x/v1\nkind: Deployment\nspec: {template: {spec: {runtimeClassName: contrast-cc}}}\n", false},
        {"apiVersion: v1\nkind: Service\nspec: {runtimeClassName: contrast-cc}\n", false},
        {"apiVersion: v1\nkind: Pod\nspec: []\n", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct yaml_file f;
        struct resources r;
        cr_assert(is_ok(yaml_parse(text_bytes(rows[i].in), &memory, &f, NULL)));
        cr_assert(is_ok(resources_read(&f, &r, NULL)), "%s", rows[i].in);
        cr_assert_eq(r.count, 1, "%s", rows[i].in);
        cr_expect(r.items[0].is_confidential == rows[i].has_pod && !!r.items[0].pod == rows[i].has_pod, "%s",
                  rows[i].in);
    }
}

Test(resource, empty_documents_and_other_objects_pass)
{
    struct yaml_file f;
    struct resources r;
    const char *in = "---\n---\n# x\n---\napiVersion: x/v1\nkind: AllowList\nitems: {a: b}\n---\n~\n...\n";
    cr_assert(is_ok(yaml_parse(text_bytes(in), &memory, &f, NULL)));
    cr_assert(is_ok(resources_read(&f, &r, NULL)));
    cr_assert_eq(r.count, 1);
    cr_expect(bytes_eq(r.items[0].kind, text_bytes("AllowList")) && !r.items[0].pod && !r.items[0].name.ptr);
}

/* ---- findings --------------------------------------------------------------------------------------------------- */

#define A "contrast.edgeless.systems/"

/* A pod with what a row gives: its metadata, its spec, its container. */
static const char *pod_of(const char *metadata, const char *spec, const char *container)
{
    struct text_out out = {.memory = &memory};
    bytes text;
    text_put_string(&out, "apiVersion: v1\nkind: Pod\nmetadata: {");
    text_put_string(&out, metadata ? metadata : "name: p");
    text_put_string(&out, "}\nspec:\n  runtimeClassName: contrast-cc\n");
    text_put_string(&out, spec ? spec : "");
    text_put_string(&out, "  containers:\n  - name: c\n    ");
    text_put_string(&out, container ? container : "image: i" DIGEST);
    text_put_string(&out, "\n    resources: {limits: {memory: 1Gi}, requests: {memory: 1024Mi}}\n");
    text_put(&out, BYTES_LIT("\0"));
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    return (const char *)text.ptr;
}

static const char coordinator[] =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: coordinator, annotations: {" A
    "pod-role: coordinator}}\nspec:\n  runtimeClassName: contrast-cc\n  containers:\n"
    "  - {name: c, image: i" DIGEST ", resources: {limits: {memory: 1}, requests: {memory: 1}}}\n";

static void expect_only(const struct preparation *p, enum lint_rule rule, const char *says, const char *in)
{
    cr_expect_eq(p->findings.count, 1, "%s: %zu findings", in, p->findings.count);
    for (size_t i = 0; i < p->findings.count; i++) {
        const struct finding *f = &p->findings.items[i];
        cr_expect(f->rule == rule && strstr((const char *)f->text.ptr, says), "%s: want %s %s, have %s %s", in,
                  lint_row(rule)->id, says, lint_row(f->rule)->id, (const char *)f->text.ptr);
    }
    cr_expect_eq(p->has_errors, lint_row(rule)->severity == LINT_ERROR, "%s", in);
}

static bool is_tested[LINT_RULE_COUNT];

static void expect_finding(enum lint_rule rule, const char *says, const char *in)
{
    const struct prepare_options options = options_now();
    const char *const texts[] = {coordinator, in};
    struct preparation p = prepare_with(texts, 2, &options);
    expect_only(&p, rule, says, in);
    is_tested[rule] = true;
}

static void test_annotations(void)
{
    static const struct {
        enum lint_rule rule;
        const char *metadata, *says;
    } rows[] = {
        {LINT_OBJECT_NAME, "generateName: p-", "has no name"},
        {LINT_ANNOTATION_STRING, "name: p, annotations: {" A "skip-initializer: true}", "is no string"},
        {LINT_ANNOTATION_STRING, "name: p, annotations: {" A "workload-secret-id: [a]}", "is no string"},
        {LINT_ANNOTATION_VALUE, "name: p, annotations: {" A "skip-initializer: 'yes'}", "has the value \"yes\""},
        {LINT_ANNOTATION_VALUE, "name: p, annotations: {" A "pod-role: cordinator}", "has the value \"cordinator\""},
        {LINT_ANNOTATION_VALUE, "name: p, annotations: {" A "image-store-size: 10GB}", "has the value \"10GB\""},
        {LINT_ANNOTATION_UNKNOWN, "name: p, annotations: {" A "servicemesh-ingres: ''}",
         "did you mean contrast.edgeless.systems/servicemesh-ingress?"},
        {LINT_ANNOTATION_UNKNOWN, "name: p, annotations: {" A "x: ''}",
         "unknown annotation \"contrast.edgeless.systems/x\""},
        {LINT_MESH_INGRESS, "name: p, annotations: {" A "servicemesh-ingress: 'a#1'}",
         "servicemesh-ingress: entry 1, \"a#1\": want NAME#PORT#true"},
        {LINT_MESH_EGRESS, "name: p, annotations: {" A "servicemesh-ingress: '', " A "servicemesh-egress: ''}",
         "want at least one entry"},
        {LINT_MESH_EGRESS,
         "name: p, annotations: {" A "servicemesh-ingress: '', " A "servicemesh-admin-interface-port: '9901', " A
         "servicemesh-egress: 'a#127.0.0.1:9901#b:1'}",
         "the admin interface listens on port 9901"},
        {LINT_MESH_EGRESS_ONLY, "name: p, annotations: {" A "servicemesh-egress: 'a#127.0.0.1:1#b:1'}",
         "servicemesh-egress without servicemesh-ingress"},
        {LINT_MESH_ADMIN_PORT, "name: p, annotations: {" A "servicemesh-admin-interface-port: x}", "want a port"},
        {LINT_COORDINATOR_SEVERAL, "name: p, annotations: {" A "pod-role: coordinator}", "is a second Coordinator"},
        {LINT_OBJECT_TWICE, "name: coordinator", "is there already"},
        {LINT_POD_FORM, "name: p, annotations: {" A "secure-pv: a}", "secure-pv: want DEVICE:MOUNT, have \"a\""},
        {LINT_POD_FORM, "name: p, annotations: {" A "secure-pv: 'a:b:c'}", "secure-pv: want DEVICE:MOUNT"},
        {LINT_POD_FORM, "name: p, annotations: {" A "secure-pv: 'a:b'}", "of the name \"a\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_finding(rows[i].rule, rows[i].says, pod_of(rows[i].metadata, NULL, NULL));
}

static void test_pods(void)
{
    static const struct {
        enum lint_rule rule;
        const char *annotations, *spec, *container, *says;
    } rows[] = {
        {LINT_POD_FORM, NULL, "  volumes: [{name: contrast-secrets, hostPath: {path: /}}]\n", NULL,
         "has to be an emptyDir"},
        {LINT_POD_FORM, NULL, "  volumes: {a: b}\n", NULL, "want a sequence as volumes"},
        {LINT_YAML_FORM, NULL, "  volumes: &v []\n  x: *v\n", NULL, "by the anchor \"v\""},
        {LINT_HOST_NAMESPACE, NULL, "  hostNetwork: true\n", NULL, "hostNetwork: true"},
        {LINT_IMAGE_MISSING, NULL, NULL, "args: [a]", "container \"c\": no image"},
        {LINT_IMAGE_FORM, NULL, NULL, "image: 'a:b:c'", "want NAME:TAG"},
        {LINT_IMAGE_PINNED, NULL, NULL, "image: a:b", "image \"a:b\": no digest"},
        {LINT_IMAGE_PINNED, NULL, "  initContainers: [{name: i, image: a}]\n", NULL, "container \"i\": image \"a\""},
        {LINT_VOLUME_SHARED, NULL, "  volumes: [{name: v, hostPath: {path: /}}]\n",
         "image: i" DIGEST "\n    volumeMounts: [{name: v, mountPath: /v}]", "mounts \"v\", which is shared"},
        {LINT_VOLUME_SHARED, NULL, "  volumes: [{name: v, persistentVolumeClaim: {claimName: v}}]\n",
         "image: i" DIGEST "\n    volumeMounts: [{name: v, mountPath: /v}]", "mounts \"v\", which is shared"},
        {LINT_VOLUME_UNKNOWN, NULL, NULL, "image: i" DIGEST "\n    volumeMounts: [{name: v, mountPath: /v}]",
         "mounts \"v\", which is no volume"},
        {LINT_MESH_PORT, "servicemesh-ingress: ''", NULL, "image: i" DIGEST "\n    ports: [{containerPort: 15006}]",
         "port 15006 is the mesh proxy's"},
        {LINT_MESH_PORT, "servicemesh-admin-interface-port: '81'", NULL,
         "image: i" DIGEST "\n    ports: [{containerPort: 81}]", "port 81 is the mesh proxy's"},
        {LINT_MESH_PROBE, "servicemesh-ingress: ''", NULL,
         "image: i" DIGEST "\n    livenessProbe: {httpGet: {port: 80}}", "livenessProbe asks port 80"},
        {LINT_MESH_PROBE, "servicemesh-ingress: a#80#false", NULL,
         "image: i" DIGEST "\n    livenessProbe: {httpGet: {port: 80}}", "livenessProbe asks port 80"},
        {LINT_MESH_PROBE, "servicemesh-ingress: a#81#true", NULL,
         "image: i" DIGEST "\n    ports: [{name: h, containerPort: 80}]\n    readinessProbe: {httpGet: {port: h}}",
         "readinessProbe asks port 80"},
        {LINT_INJECTION_LEFT, NULL, "  initContainers: [{name: contrast-service-mesh, image: i" DIGEST "}]\n", NULL,
         "\"contrast-service-mesh\", and no annotation"},
        {LINT_INJECTION_LEFT, "skip-initializer: 'true'",
         "  initContainers: [{name: contrast-initializer, image: i" DIGEST "}]\n", NULL, "\"contrast-initializer\""},
        {LINT_MEMORY_INIT, NULL,
         "  initContainers: [{name: i, image: i" DIGEST ", resources: {limits: {memory: 2Gi}}}]\n", NULL,
         "limits of 2098 MiB of memory together, the others of 1024 MiB"},
        {LINT_MEMORY_FORM, NULL,
         "  initContainers: [{name: i, image: i" DIGEST ", resources: {limits: {memory: 2GB}}}]\n", NULL,
         "memory limits: want a quantity such as 700Mi or 1.5G, have \"2GB\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char metadata[256];
        snprintf(metadata, sizeof metadata, "name: p%s%s%s", rows[i].annotations ? ", annotations: {" A : "",
                 rows[i].annotations ? rows[i].annotations : "", rows[i].annotations ? "}" : "");
        expect_finding(rows[i].rule, rows[i].says, pod_of(metadata, rows[i].spec, rows[i].container));
    }
}

static void test_files(void)
{
    static const struct {
        enum lint_rule rule;
        const char *in, *says;
    } rows[] = {
        {LINT_YAML_FORM, "contrast-cc: [\n", "did not find expected node content"},
        {LINT_YAML_FORM, "apiVersion: v1\nkind: Pod\nspec: {a: contrast-cc, a: b}\n", "the key \"a\" is there already"},
        {LINT_YAML_IGNORED, "a: [\n", "did not find expected node content"},
        {LINT_OBJECT_UNKNOWN, "apiVersion: a/v1\nkind: B\nx: [{runtimeClassName: contrast-cc}]\n",
         "the kind \"B\" of \"a/v1\" is not prepared"},
        {LINT_RUNTIME_CLASS_ABSENT,
         "apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {" A "servicemesh-ingress: ''}}\nspec: {}\n",
         "has the annotation contrast.edgeless.systems/servicemesh-ingress and no runtime class of ours"},
        {LINT_RUNTIME_CLASS_NAME,
         "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {runtimeClassName: contrast-cc-foo, containers: "
         "[{name: c, "
         "image: i" DIGEST ", resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}}]}\n",
         "the runtime class \"contrast-cc-foo\" is of no platform"},
        {LINT_ANNOTATION_CONFLICT,
         "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, annotations: {" A
         "workload-secret-id: a}}\nspec: {template: "
         "{metadata: {annotations: {" A
         "workload-secret-id: b}}, spec: {runtimeClassName: contrast-cc, containers: [{name: "
         "c, image: i" DIGEST ", resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}}]}}}\n",
         "is that of the pod template too, with the value \"b\""},
        {LINT_MEMORY_EQUAL,
         "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {runtimeClassName: contrast-cc, containers: [{name: c, "
         "image: "
         "i" DIGEST ", resources: {limits: {memory: 1Gi}, requests: {memory: 1G}}}]}\n",
         "a request of memory that is not its limit"},
        {LINT_MEMORY_EQUAL,
         "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {runtimeClassName: contrast-cc, containers: [{name: c, "
         "image: "
         "i" DIGEST ", resources: {limits: {memory: 1Gi}}}]}\n",
         "a limit and no request of memory"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_finding(rows[i].rule, rows[i].says, rows[i].in);
}

static void test_size(void)
{
    struct text_out out = {.memory = &memory};
    bytes text;
    text_put_string(&out, "name: p, annotations: {x: '");
    text_put_repeated(&out, 'x', 256 * 1024);
    text_put(&out, BYTES_LIT("'}\0"));
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    expect_finding(LINT_ANNOTATION_SIZE, "262145 bytes of annotations", pod_of((const char *)text.ptr, NULL, NULL));
}

/* These two come together: without any limit there is none that equals a request. */
static void test_limits(void)
{
    struct preparation p =
        prepare_one("apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {" A "pod-role: coordinator}}\n"
                    "spec: {runtimeClassName: contrast-cc, containers: [{name: c, image: i" DIGEST "}]}\n");
    cr_assert_eq(p.findings.count, 2);
    cr_expect(p.findings.items[0].rule == LINT_MEMORY_LIMIT && p.findings.items[1].rule == LINT_MEMORY_EQUAL &&
              p.has_errors);
    p = prepare_one(pod_of(NULL, NULL, NULL));
    expect_only(&p, LINT_COORDINATOR_MISSING, "no Coordinator is among these files", "");
    is_tested[LINT_MEMORY_LIMIT] = is_tested[LINT_COORDINATOR_MISSING] = true;
}

/* An image: its manifest and its config. */
struct image {
    char config[512], manifest[512], pod[512];
};

static void put_digest(const char *of, char out[HEX_TEXT_SIZE(SHA256_BYTES)])
{
    uint8_t digest[SHA256_BYTES];
    bytes in = text_bytes(of);
    cr_assert(is_ok(crypto_sha256(&in, 1, digest, NULL)));
    cr_assert(is_ok(hex_write(BYTES_OF(digest), out, HEX_TEXT_SIZE(SHA256_BYTES), NULL)));
}

/* `execution`: what the config says of the process; `container`: what the pod says of it. */
static void make_image(struct image *i, const char *execution, const char *container)
{
    char digest[HEX_TEXT_SIZE(SHA256_BYTES)];
    snprintf(i->config, sizeof i->config,
             "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{%s},"
             "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}",
             execution);
    put_digest(i->config, digest);
    snprintf(i->manifest, sizeof i->manifest,
             "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
             "\"digest\":\"sha256:%s\",\"size\":%zu},\"layers\":[]}",
             digest, strlen(i->config));
    put_digest(i->manifest, digest);
    snprintf(
        i->pod, sizeof i->pod,
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {runtimeClassName: contrast-cc, containers: [{name: c, "
        "image: \"i@sha256:%s\", resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}%s}]}\n",
        digest, container);
}

static status read_image(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err)
{
    const struct image *i = context;
    return to->put(to->context, text_bytes(wanted->kind == IMAGE_MANIFEST ? i->manifest : i->config), err);
}

static void test_images(void)
{
    static const struct {
        enum lint_rule rule; /* LINT_RULE_COUNT: none */
        const char *execution, *container, *says;
    } rows[] = {
        {LINT_IMAGE_UNREAD, "\"user\":\"a\"", "", "config.user: want User, have it in other letters"},
        {LINT_IMAGE_VOLUME, "\"Volumes\":{\"/a/\":{}}", "", "has the volume \"/a/\""},
        {LINT_IMAGE_VOLUME, "\"Volumes\":{\"/a\":{}}", ", volumeDevices: [{devicePath: /a/b}]", "the volume \"/a\""},
        {LINT_RULE_COUNT, "\"Volumes\":{\"/a\":{}}", ", volumeDevices: [{devicePath: /a/}]", NULL},
        {LINT_IMAGE_USER, "\"User\":\"web\"", "", "runs as \"web\""},
        {LINT_IMAGE_USER, "\"User\":\"1\"", ", securityContext: {runAsUser: 1}", "runs as \"1\""},
        {LINT_RULE_COUNT, "\"User\":\"1\"", ", securityContext: {runAsUser: 1, runAsGroup: 1}", NULL},
        {LINT_RULE_COUNT, "\"User\":\"root:root\"", "", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image image;
        make_image(&image, rows[i].execution, rows[i].container);
        struct image_source source = {.store = {read_image, &image}, .memory = &memory};
        struct prepare_options options = options_now();
        options.images = &source;
        options.skip_initializer = true;
        const char *texts[] = {image.pod};
        struct preparation p = prepare_with(texts, 1, &options);
        bool is_found = rows[i].rule < LINT_RULE_COUNT;
        cr_assert_eq(p.findings.count, (size_t)1 + is_found, "row %zu", i);
        if (!is_found) continue;
        cr_expect_eq(p.findings.items[1].rule, rows[i].rule, "row %zu", i);
        cr_expect(strstr((const char *)p.findings.items[1].text.ptr, rows[i].says), "%s", p.findings.items[1].text.ptr);
        is_tested[rows[i].rule] = true;
    }
}

#define ROLE A "pod-role: coordinator"

/* A pod of its own for each finding that comes of making its policy. */
static const char *policy_pod(const struct image *image, const char *kind, const char *annotations,
                              const char *container, size_t filler)
{
    struct text_out out = {.memory = &memory};
    char digest[HEX_TEXT_SIZE(SHA256_BYTES)], text[1024];
    bytes made;
    put_digest(image->manifest, digest);
    snprintf(text, sizeof text,
             "apiVersion: apps/v1\nkind: %s\nmetadata: {name: p}\nspec: {template: {metadata: {annotations: {%s}}, "
             "spec: {runtimeClassName: contrast-cc, containers: [{name: c, image: "
             "\"i@sha256:%s\", resources: {limits: {memory: 1Gi}, requests: {memory: 1Gi}}%s, args: [x",
             kind, annotations, digest, container);
    text_put_string(&out, text);
    text_put_repeated(&out, 'x', filler);
    text_put(&out, BYTES_LIT("]}]}}}\n\0"));
    cr_assert(is_ok(text_out_take(&out, &made, NULL)));
    return (const char *)made.ptr;
}

static void expect_rule(const struct preparation *p, enum lint_rule rule, const char *says)
{
    bool is_there = false;
    for (size_t i = 0; i < p->findings.count; i++)
        is_there = is_there ||
                   (p->findings.items[i].rule == rule && strstr((const char *)p->findings.items[i].text.ptr, says));
    cr_expect(is_there, "%s: %s", lint_row(rule)->id, says);
    is_tested[rule] = true;
}

static void test_policies(void)
{
    static const struct {
        enum lint_rule rule;
        enum platform platform;
        const char *annotations, *container;
        size_t filler;
        const char *says;
    } rows[] = {
        {LINT_POLICY_UNSUPPORTED, PLATFORM_METAL_QEMU_SNP, ROLE, ", tty: 'yes'", 0, "tty: want true or false"},
        {LINT_POLICY_SOURCE, PLATFORM_METAL_QEMU_SNP, ROLE, ", envFrom: [{secretRef: {name: s}}]", 0,
         "the Secret \"s\""},
        {LINT_POLICY_OTHER, PLATFORM_METAL_QEMU_SNP, ROLE ", " ANNOTATION_POLICY ": x", "", 0, "of another platform"},
        {LINT_POLICY_LINE, PLATFORM_METAL_QEMU_SNP, ROLE, "", 1100, "a line of 1115 columns"},
        {LINT_POLICY_SIZE, PLATFORM_AKS_CLH_SNP, ROLE, "", 155000, "bytes with its policy, of 262144"},
        {LINT_ANNOTATION_SIZE, PLATFORM_AKS_CLH_SNP, ROLE, "", 200000, "bytes with its policy, and at most 262144"},
        {LINT_PLATFORM_LAYERS, PLATFORM_AKS_CLH_SNP, ROLE, "", 0, "deny every container"},
    };
    struct image image;
    make_image(&image, "\"Entrypoint\":[\"/a\"]", "");
    struct image_source source = {.store = {read_image, &image}, .memory = &memory};
    struct prepare_options options = options_now();
    options.images = &source;
    options.rules = BYTES_LIT("package agent_policy\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = policy_pod(&image, "Deployment", rows[i].annotations, rows[i].container, rows[i].filler);
        options.platform = rows[i].platform;
        struct preparation p = prepare_with(&text, 1, &options);
        expect_rule(&p, rows[i].rule, rows[i].says);
    }
    options.platform = PLATFORM_METAL_QEMU_SNP;
    options.skip_initializer = true;
    const char *texts[] = {policy_pod(&image, "Deployment", ROLE, "", 0), policy_pod(&image, "ReplicaSet", "", "", 0),
                           policy_pod(&image, "DaemonSet", "", "", 0)};
    struct preparation p = prepare_with(texts, 2, &options);
    cr_expect(!p.has_errors && p.pods[1].policy.annotation);
    p = prepare_with(texts, 3, &options);
    cr_expect(p.has_errors);
    expect_rule(&p, LINT_POLICY_TWICE, "has the same policy as ReplicaSet \"p\"");
}

Test(lint, each_rule_finds_what_it_should_and_nothing_else)
{
    test_images();
    test_annotations();
    test_pods();
    test_files();
    test_size();
    test_limits();
    test_policies();
    for (unsigned i = 0; i < LINT_RULE_COUNT; i++)
        cr_expect(is_tested[i], "%s has no test", lint_row((enum lint_rule)i)->id);
}

Test(lint, warnings_are_errors_when_strict)
{
    struct prepare_options options = options_now();
    const char *in = pod_of(NULL, NULL, NULL);
    options.is_strict = true;
    cr_expect(prepare_with(&in, 1, &options).has_errors);
}

Test(lint, good_pods_have_no_findings)
{
    const struct prepare_options options = options_now();
    const char *const texts[] = {
        coordinator,
        pod_of("name: a, annotations: {" A "servicemesh-ingress: 'w#80#false', " A "image-store-size: 10Gi, " A
               "skip-initializer: 'false', other: x}",
               "  volumes: [{name: s, secret: {secretName: x}}]\n",
               "image: i:v1" DIGEST
               "\n    volumeMounts: [{name: s, mountPath: /s}]\n    ports: [{name: h, containerPort: 80}]\n"
               "    startupProbe: {httpGet: {port: h, scheme: HTTPS}}\n    livenessProbe: {tcpSocket: {port: 81}}"),
        pod_of("name: b, annotations: {" A "servicemesh-ingress: DISABLED}", NULL,
               "image: i" DIGEST "\n    livenessProbe: {httpGet: {port: 80}}"),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec: {hostNetwork: true, containers: [{image: x}]}\n",
    };
    struct preparation p = prepare_with(texts, 4, &options);
    cr_expect_eq(p.findings.count, 0, "%s", p.findings.count ? (const char *)p.findings.items[0].text.ptr : "");
    cr_expect(p.pod_count == 4 && p.confidential_count == 3 && p.changes[3].count == 0);
}

/* ---- what is injected ------------------------------------------------------------------------------------------- */

static struct yaml_node *read_spec(const struct preparation *p)
{
    struct yaml_file f;
    struct resources r;
    cr_assert_not(p->has_errors, "%s", p->findings.count ? (const char *)p->findings.items[0].text.ptr : "");
    cr_assert(is_ok(yaml_parse(p->changes[0].output, &memory, &f, NULL)));
    cr_assert(is_ok(resources_read(&f, &r, NULL)));
    return r.items[0].pod_spec;
}

static struct yaml_node *container(struct yaml_node *spec, const char *key, size_t at)
{
    struct yaml_node *all = yaml_get(spec, key);
    cr_assert(all && at < all->count, "%s %zu", key, at);
    return all->items[at];
}

static void expect_name(struct yaml_node *c, const char *want)
{
    cr_expect(yaml_text_is(yaml_get(c, "name"), want), "want %s", want);
}

Test(inject, the_initializer_is_first_and_the_proxy_last)
{
    struct preparation p =
        prepare_one(pod_of("name: p, annotations: {" A "servicemesh-ingress: ''}",
                           "  initContainers:\n  - name: contrast-service-mesh\n    image: old\n  - name: own\n"
                           "    image: i" DIGEST "\n  - name: contrast-initializer\n    image: old\n",
                           NULL));
    struct yaml_node *spec = read_spec(&p), *init = yaml_get(spec, "initContainers");
    cr_assert_eq(init->count, 3);
    expect_name(init->items[0], "contrast-initializer");
    expect_name(init->items[1], "own");
    expect_name(init->items[2], "contrast-service-mesh");
    cr_expect_null(yaml_get(init->items[2], "env"), "an empty annotation is no variable");
    cr_expect(yaml_text_is(yaml_get(yaml_get(init->items[1], "volumeMounts")->items[0], "mountPath"), "/contrast"));
    cr_expect(yaml_text_is(yaml_get(spec, "runtimeClassName"), "contrast-cc-metal-qemu-snp-00000001"));
}

Test(inject, mounts_of_the_volume_are_made_right)
{
    struct preparation p = prepare_one(pod_of(
        NULL, "  volumes:\n  - name: contrast-secrets\n    emptyDir: {}\n",
        "image: i" DIGEST "\n    volumeMounts:\n    - name: contrast-secrets\n      mountPath: /old\n    - name: "
        "contrast-secrets\n      mountPath: /contrast"));
    struct yaml_node *spec = read_spec(&p), *mounts = yaml_get(container(spec, "containers", 0), "volumeMounts");
    cr_assert_eq(mounts->count, 1);
    cr_expect(yaml_text_is(yaml_get(mounts->items[0], "mountPath"), "/contrast"));
    cr_expect_eq(yaml_get(spec, "volumes")->count, 1, "a volume that is there stays");
    cr_expect_eq(yaml_get(yaml_get(spec, "volumes")->items[0], "emptyDir")->count, 0);
}

Test(inject, an_encrypted_volume_makes_the_initializer_a_sidecar)
{
    struct preparation p =
        prepare_one(pod_of("name: p, annotations: {" A "secure-pv: 'state:share'}",
                           "  volumes:\n  - name: state\n    persistentVolumeClaim: {claimName: s}\n", NULL));
    struct yaml_node *spec = read_spec(&p), *c = container(spec, "initContainers", 0);
    cr_expect(yaml_text_is(yaml_get(c, "restartPolicy"), "Always"));
    cr_expect(yaml_text_is(yaml_get(yaml_get(c, "volumeDevices")->items[0], "name"), "state"));
    cr_expect(yaml_text_is(yaml_get(yaml_get(c, "volumeMounts")->items[1], "name"), "share"));
    cr_expect(yaml_text_is(yaml_get(yaml_get(c, "volumeMounts")->items[1], "mountPropagation"), "Bidirectional"));
    cr_expect(yaml_text_is(yaml_get(yaml_get(c, "securityContext"), "privileged"), "true"));
    cr_expect_eq(yaml_get(spec, "volumes")->count, 3);
    cr_expect(p.pods[0].injection.secure_pv);
}

Test(inject, options_and_annotations_leave_things_out)
{
    struct prepare_options options = options_now();
    const char *in = pod_of("name: p, annotations: {" A "servicemesh-ingress: ''}", NULL, NULL);
    options.skip_mesh = true;
    struct preparation p = prepare_with(&in, 1, &options);
    cr_expect_eq(yaml_get(read_spec(&p), "initContainers")->count, 1);
    options.skip_initializer = true;
    p = prepare_with(&in, 1, &options);
    cr_expect_null(yaml_get(read_spec(&p), "initContainers"));
    cr_expect_null(yaml_get(read_spec(&p), "volumes"));
    p = prepare_one(pod_of("name: p, annotations: {" A "skip-initializer: 'true'}", NULL, NULL));
    cr_expect_null(yaml_get(read_spec(&p), "initContainers"));
    p = prepare_one(coordinator);
    cr_expect_null(yaml_get(read_spec(&p), "initContainers"));
    cr_expect(p.pods[0].injection.is_coordinator && p.changes[0].count == 1);
}

Test(inject, the_coordinator_is_found_by_its_services)
{
    static const struct {
        const char *service, *want;
    } rows[] = {
        {"", "coordinator"},
        {"---\napiVersion: v1\nkind: Service\nmetadata: {name: coordinator}\n", "coordinator"},
        {"---\napiVersion: v1\nkind: Service\nmetadata: {name: coordinator-ready}\n", "coordinator-ready.default"},
        {"---\napiVersion: v1\nkind: Service\nmetadata: {name: coordinator-ready, namespace: x}\n", "coordinator"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text_out out = {.memory = &memory};
        bytes text;
        text_put_string(&out, coordinator);
        text_put_string(&out, rows[i].service);
        text_put(&out, BYTES_LIT("\0"));
        cr_assert(is_ok(text_out_take(&out, &text, NULL)));
        const struct prepare_options options = options_now();
        const char *const texts[] = {pod_of(NULL, NULL, NULL), (const char *)text.ptr};
        struct preparation p = prepare_with(texts, 2, &options);
        struct yaml_node *env = yaml_get(container(read_spec(&p), "initContainers", 0), "env");
        cr_expect(yaml_text_is(yaml_get(env->items[0], "value"), rows[i].want), "%s", rows[i].service);
    }
}

/* ---- runtime classes -------------------------------------------------------------------------------------------- */

Test(platform, names_and_runtime_classes)
{
    enum platform p;
    struct err err = {0};
    cr_expect(is_ok(platform_find(text_bytes("AKS-clh-SNP"), &p, NULL)) && p == PLATFORM_AKS_CLH_SNP);
    cr_expect_eq(platform_find(text_bytes("aks"), &p, &err).kind, ERR_UNSUPPORTED);
    cr_expect(strstr(err.text, "want one of aks-clh-snp, ") && strstr(err.text, "metal-qemu-tdx, have \"aks\""), "%s",
              err.text);
    static const char *const good[] = {"contrast-cc", "kata-cc-isolation", "contrast-cc-aks-clh-snp",
                                       "contrast-cc-metal-qemu-snp-gpu-0123abcd", "contrast-cc-K3s-QEMU-TDX-00000001"};
    static const char *const bad[] = {"contrast-cc-",
                                      "contrast-ccx",
                                      "contrast-cc-aks",
                                      "contrast-cc-aks-clh-snp-0123abc",
                                      "contrast-cc-aks-clh-snp-0123ABCD",
                                      "contrast-cc-aks-clh-snp-0123abcde",
                                      "contrast-cc-0123abcd",
                                      "kata-cc"};
    for (size_t i = 0; i < COUNT(good); i++)
        cr_expect(is_ok(platform_check_runtime_class(text_bytes(good[i]), NULL)), "%s", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        cr_expect_not(is_ok(platform_check_runtime_class(text_bytes(bad[i]), NULL)), "%s", bad[i]);
    for (unsigned i = 0; i < PLATFORM_COUNT; i++)
        cr_expect(is_ok(platform_check_runtime_class(text_bytes(platform_row((enum platform)i)->runtime_class), NULL)));
}

/* ---- diffs ------------------------------------------------------------------------------------------------------ */

static void expect_diff(const char *in, const struct yaml_splice *splices, size_t count, const char *output,
                        const char *want)
{
    struct text_out out = {.memory = &memory};
    const struct yaml_changes c = {.splices = splices, .count = count, .output = text_bytes(output)};
    bytes text;
    cr_assert(is_ok(diff_put("f", text_bytes(in), &c, &out, NULL)));
    cr_assert(is_ok(text_out_take(&out, &text, NULL)));
    cr_expect(bytes_eq(text, text_bytes(want)), "want\n%s\nhave\n%.*s", want, (int)text.len, (const char *)text.ptr);
}

Test(diff, hunks)
{
    const struct yaml_splice middle[] = {{4, 5, BYTES_LIT("X")}};
    expect_diff("1\n2\n3\n4\n5\n6\n7\n", middle, 1, "1\n2\nX\n4\n5\n6\n7\n",
                "--- f\n+++ f\n@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+X\n 4\n 5\n 6\n");
    const struct yaml_splice lines[] = {{0, 0, BYTES_LIT("a\n")}, {14, 14, BYTES_LIT("b\n")}};
    expect_diff("1\n2\n3\n4\n5\n6\n7\n", lines, 2, "a\n1\n2\n3\n4\n5\n6\n7\nb\n",
                "--- f\n+++ f\n@@ -1,3 +1,4 @@\n+a\n 1\n 2\n 3\n@@ -5,3 +6,4 @@\n 5\n 6\n 7\n+b\n");
    const struct yaml_splice end[] = {{3, 3, BYTES_LIT("\n3")}};
    expect_diff(
        "1\n2", end, 1, "1\n2\n3",
        "--- f\n+++ f\n@@ -1,2 +1,3 @@\n 1\n-2\n\\ No newline at end of file\n+2\n+3\n\\ No newline at end of file\n");
    const struct yaml_splice gone[] = {{0, 2, BYTES_LIT("")}};
    expect_diff("1\n", gone, 1, "", "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-1\n");
    const struct yaml_splice two[] = {{0, 1, BYTES_LIT("a")}, {2, 2, BYTES_LIT("b\n")}};
    expect_diff("1\n2\n", two, 2, "a\nb\n2\n", "--- f\n+++ f\n@@ -1,2 +1,3 @@\n-1\n+a\n+b\n 2\n");
    expect_diff("1\n", NULL, 0, "1\n", "");
}
