/* SPDX-License-Identifier: Apache-2.0 */
/* parse/limits.h: every limit of the trusted core, in one place, with its reason. */
#ifndef PARSE_LIMITS_H
#define PARSE_LIMITS_H

/* An X.509 certificate.  AMD's largest is 1 683 bytes (an ASVK); an attested TLS leaf carries about 7 KiB of evidence.
 */
#define LIMIT_CERTIFICATE_BYTES 32768

/* Extensions of one certificate.  A leaf of the Coordinator has 52: one for each claim about a report, and six more.
 * AMD's leaves have exactly 11, its CAs 4 or 5. */
#define LIMIT_CERTIFICATE_EXTENSIONS 64

/* Attributes in a distinguished name.  AMD's have 6. */
#define LIMIT_NAME_ATTRIBUTES 16

/* A CRL of AMD's ARK lists at most a handful of CA serials and is usually empty (about 0.8 KiB). */
#define LIMIT_CRL_BYTES 65536

/* Entries of one CRL; the same reasoning. */
#define LIMIT_CRL_ENTRIES 1024

/* A firmware image (OVMF).  Builds are 2 or 4 MiB; QEMU maps at most 8 MiB below 4 GiB. */
#define LIMIT_FIRMWARE_BYTES 16777216

/* Entries of the table in a firmware image.  edk2 writes fewer than 10. */
#define LIMIT_FIRMWARE_ENTRIES 64

/* Sections of the SEV metadata in a firmware image.  edk2 writes fewer than 10; they are compared with each other. */
#define LIMIT_FIRMWARE_SECTIONS 64

/* Memory in all these sections.  edk2 declares about 30 pages; each costs a hash. */
#define LIMIT_FIRMWARE_SECTION_BYTES 268435456

/* vCPUs tried to find the one launch digest that a report states.  220 is what Contrast tries; each costs a hash. */
#define LIMIT_LAUNCH_VCPUS_TRIED 220

/* vCPUs of a guest whose launch digest is computed.  KVM takes at most 4096
 * (CONFIG_KVM_MAX_NR_VCPUS). */
#define LIMIT_LAUNCH_VCPUS 4096

/* What one PEM block holds: a certificate, or a key, which is smaller. */
#define LIMIT_PEM_BLOCK_BYTES LIMIT_CERTIFICATE_BYTES

/* Blocks of one PEM file.  AMD's chains have 2 or 3 certificates. */
#define LIMIT_PEM_BLOCKS 16

/* Objects and arrays in each other.  A manifest has 5 levels; other documents that we read, about 10. */
#define LIMIT_JSON_DEPTH 64

/* Keys of one object.  A manifest has one per policy.  They are kept sorted, so that each is compared with ten of those
 * before it, and moves 16 KiB of views at most. */
#define LIMIT_JSON_KEYS 1024

/* Evidence in any envelope.  Azure's JSON has 36 KiB, a certificate table of the host a few pages. */
#define LIMIT_EVIDENCE_BYTES 1048576

/* Keys of all objects that are open at once in a JSON document of evidence.  The largest known has 35. */
#define LIMIT_EVIDENCE_KEYS 64

/* Entries of a host's certificate table, the closing one included.  Six GUIDs are known; hosts send one to four. */
#define LIMIT_CERTIFICATE_TABLE_ENTRIES 64

/* The answer to /attest: the whole history in base64.  The same bound as that of a request to /v1/manifest, which is
 * what puts history there; gRPC stops at 4 MiB. */
#define LIMIT_ATTEST_ANSWER_BYTES 16777216

/* The answer to /capabilities: a list of versions, today of at most one; its reader has a copy on its stack. */
#define LIMIT_CAPABILITIES_BYTES 4096

/* Versions in it: as many as years that this interface may live through. */
#define LIMIT_API_VERSIONS 64

/* Manifests of a deployment's history.  One for each `contrast set`; a thousand updates are a decade of weekly ones,
 * twice over. */
#define LIMIT_HISTORY_MANIFESTS 4096

/* Policies that a history names.  A manifest has one for each kind of pod, and most stay the same in an update. */
#define LIMIT_HISTORY_POLICIES 16384

/* A bundle of evidence.  What a Coordinator may answer has 16 MiB of base64 at most; a header and a digest for each of
 * the 20 000 members that a history may have, and their padding, are 24 MiB. */
#define LIMIT_BUNDLE_BYTES 67108864

/* Leaves and CRLs in a bundle.  One Coordinator needs one of each; each is tried for each report. */
#define LIMIT_BUNDLE_COLLATERAL 64

/* Name and version of the program that made a bundle.  Ours has 14 characters. */
#define LIMIT_BUNDLE_TOOL_BYTES 64

/* Entries of the extras map in a protobuf attestation.  One key is known. */
#define LIMIT_ATTESTATION_EXTRAS 16

/* A manifest.  The Coordinator keeps it in a ConfigMap, which holds 1 MiB at most. */
#define LIMIT_MANIFEST_BYTES 1048576

/* Policies of a manifest: one for each kind of pod of a deployment.  They are the keys of one JSON object. */
#define LIMIT_MANIFEST_POLICIES LIMIT_JSON_KEYS

/* Names of all policies of a manifest together.  Two each are usual. */
#define LIMIT_MANIFEST_SANS 8192

/* Entries of `snp`, and as many of `tdx`.  One for each product and number of vCPUs, which are 2 and 220 at most. */
#define LIMIT_MANIFEST_REFERENCE_VALUES 512

/* Keys in each list of owners.  One to three are usual; they are compared with each other. */
#define LIMIT_MANIFEST_OWNERS 256

/* AllowedChipIDs of all entries together.  A Kubernetes cluster has 5000 nodes at most, of which those with SEV-SNP are
 * listed; each id is compared with twelve others of its entry. */
#define LIMIT_MANIFEST_CHIP_IDS 4096

/* What is wrong with a manifest, before its reader stops: more than a person reads at once. */
#define LIMIT_MANIFEST_FINDINGS 100

/* JSON keys of all open objects of a manifest: the policies, and the largest path to a member beside them. */
#define LIMIT_MANIFEST_KEYS (LIMIT_MANIFEST_POLICIES + 64)

/* An RSA modulus of a seed share owner, in bits.  Less than 2048 is within reach of those who would want the seed; what
 * Contrast generates has 4096, and no library in use takes more than 16384. */
#define LIMIT_RSA_MODULUS_BITS_LEAST 2048
#define LIMIT_RSA_MODULUS_BITS_MOST  16384

/* A ClientHello.  Without post-quantum keys it has some 300 bytes, with them and tickets some thousands; what is
 * longer than the largest TLS record is nobody's. */
#define LIMIT_CLIENT_HELLO_BYTES 16384

/* TLS records that one ClientHello comes in.  Peers send one, or a few where something on the way minds large ones. */
#define LIMIT_CLIENT_HELLO_RECORDS 32

/* Extensions of a ClientHello.  Browsers send fewer than 20; their types are compared with each other. */
#define LIMIT_CLIENT_HELLO_EXTENSIONS 64

/* Evidence in a certificate of attested TLS.  A report with its chain and a CRL has 7 KiB; wolfSSL takes handshake
 * messages of 18 462 bytes at most, so more would not arrive either. */
#define LIMIT_ATLS_EVIDENCE_BYTES 17408

/* An initdata document.  It travels in a gRPC message, which holds 4 MiB unless somebody raises that; agents take
 * policies of up to 16 MiB. */
#define LIMIT_INITDATA_BYTES 16777216

/* Entries of an initdata document.  Contrast writes one to four; they are compared with each other. */
#define LIMIT_INITDATA_ENTRIES 64

/* The head of an HTTP/1.1 message.  What curl and Go send has a few hundred bytes; a proxy adds a few fields. */
#define LIMIT_HTTP_HEAD_BYTES 16384

/* Fields of such a head; the same reasoning. */
#define LIMIT_HTTP_FIELDS 64

/* Interim answers (1xx) before the one that counts.  Servers send one at most. */
#define LIMIT_HTTP_INTERIM 8

/* Parameters of a media type.  One, the charset, is usual; they are compared with each other. */
#define LIMIT_HTTP_PARAMETERS 8

/* The body of a request to /attest: a nonce of 32 bytes in base64 and its name. */
#define LIMIT_ATTEST_REQUEST_BYTES 1024

/* The body of a request to /v1/manifest, in base64: the same bound as upstream's. */
#define LIMIT_MANIFEST_REQUEST_BYTES 16777216

/* A leaf or CRL that the fetch program hands on: a VCEK has 1.4 KiB, a CRL is bounded above. */
#define LIMIT_FETCH_CONTENT_BYTES LIMIT_CRL_BYTES

/* Why it has none, for people: one line of a terminal or two. */
#define LIMIT_FETCH_TEXT_BYTES 400

/* seed-shares.json: a share for each owner, with the longest key that is read, is 7 KiB of hex and base64. */
#define LIMIT_SEED_SHARES_BYTES 2097152

/* What an annotation says of a pod's connections.  Two entries are usual, with some 40 bytes each. */
#define LIMIT_MESH_CONFIG_BYTES 16384

/* Entries in it; they are compared with each other. */
#define LIMIT_MESH_ENTRIES 256

/* An index, manifest or config of an image.  Registries have to take manifests of 4 MiB, and many take no more; usual
 * are a few KiB. */
#define LIMIT_OCI_DOCUMENT_BYTES 4194304

/* Layers of one image.  Docker makes at most 127, and overlayfs stacks at most 500. */
#define LIMIT_OCI_LAYERS 512

/* What an index lists.  Images for all of Docker's platforms, each with an attestation, are some 40. */
#define LIMIT_OCI_DESCRIPTORS 1024

/* Variables, arguments and volumes of an image together.  Tens are usual. */
#define LIMIT_OCI_TEXTS 4096

/* JSON keys of all open objects of such a document: the labels or volumes of a config, and what they lie in. */
#define LIMIT_OCI_KEYS (LIMIT_JSON_KEYS + 256)

/* An unpacked layer, and a file in it.  The largest known hold models, of some tens of GiB. */
#define LIMIT_LAYER_BYTES 137438953472ULL

/* Entries of a layer's archive.  A distribution with all its documentation has some hundred thousand. */
#define LIMIT_LAYER_ENTRIES 16777216

/* JSON keys of all open objects of layers-cache.json: those of one layer. */
#define LIMIT_LAYERS_CACHE_KEYS 64

/* JSON keys of all open objects of config.json, or of an answer about passwords: the hosts of one user. */
#define LIMIT_REGISTRY_AUTH_KEYS (LIMIT_JSON_KEYS + 64)

/* Of a credential helper; "secretservice" and "ecr-login" are usual. */
#define LIMIT_HELPER_NAME_BYTES 64

#endif
