# Written by "contrast help --completion bash"; a test compares.
# shellcheck shell=bash disable=SC2034,SC2207

# once|again FLAG|ANY|FILES|WORDS NAME...
_contrast_option() {
    local name
    options+=("$3") given[$3]=
    for name in "${@:3}"; do
        often[$name]=$1 value[$name]=$2 long[$name]=$3
    done
}

_contrast() {
    local word=${COMP_WORDS[COMP_CWORD]} options=() operands=0 operand=NONE further=NONE due= ended= name i
    local -A often=() value=() long=() given=()
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "generate verify set recover manifest policy sign inspect measure collateral explain selftest version help --help" -- "$word"))
        return
    fi
    case ${COMP_WORDS[1]} in
        generate)
            _contrast_option once ANY --reference-values
            _contrast_option once FLAG --no-policies
            _contrast_option once FILES --manifest -m
            _contrast_option once FILES --policy -p
            _contrast_option once FILES --settings -s
            _contrast_option once FILES --reference-values-file
            _contrast_option again FILES --add-workload-owner-key -w
            _contrast_option again FILES --add-seedshare-owner-key
            _contrast_option once FLAG --disable-updates -d
            _contrast_option once FILES --image-replacements
            _contrast_option once FILES --image-layout
            _contrast_option once FLAG --check-images
            _contrast_option again ANY --insecure-registry
            _contrast_option once FLAG --skip-initializer
            _contrast_option once FLAG --skip-service-mesh
            _contrast_option once FLAG --strict
            _contrast_option once FLAG --dry-run
            _contrast_option once FILES --output -o
            _contrast_option once FLAG --help -h
            operand=FILES
            further=$operand
            ;;
        verify)
            _contrast_option once FILES --evidence
            _contrast_option once ANY --coordinator -c
            _contrast_option once ANY --http
            _contrast_option once FILES --out
            _contrast_option once FILES --manifest -m
            _contrast_option once ANY --nonce
            _contrast_option once FILES --capabilities
            _contrast_option once FILES --expect-history
            _contrast_option once FILES --expect-root-ca
            _contrast_option again FILES --collateral
            _contrast_option once FLAG --fetch
            _contrast_option once FLAG --offline
            _contrast_option once ANY --kds-url
            _contrast_option once "capture" --at
            _contrast_option once FLAG --no-revocation
            _contrast_option again FILES --insecure-root
            _contrast_option once FILES --save
            _contrast_option once FLAG --keep-denied
            _contrast_option once ANY --captured-at
            _contrast_option once "text json junit" --format
            _contrast_option once FILES --output -o
            _contrast_option once FLAG --quiet -q
            _contrast_option once FLAG --help -h
            ;;
        set)
            _contrast_option once ANY --coordinator -c
            _contrast_option once FILES --manifest -m
            _contrast_option once FILES --workload-owner-key
            _contrast_option once FILES --signature -s
            _contrast_option once FLAG --atomic
            _contrast_option once ANY --latest-transition
            _contrast_option once FLAG --dry-run
            _contrast_option once ANY --wait
            _contrast_option again FILES --collateral
            _contrast_option once FLAG --offline
            _contrast_option once ANY --kds-url
            _contrast_option once FLAG --no-revocation
            _contrast_option again FILES --insecure-root
            _contrast_option once FLAG --help -h
            operand=FILES
            further=$operand
            ;;
        recover)
            _contrast_option once ANY --coordinator -c
            _contrast_option once FILES --manifest -m
            _contrast_option once FILES --seedshare-owner-key
            _contrast_option once FILES --seed
            _contrast_option once FLAG --force
            _contrast_option again FILES --collateral
            _contrast_option once FLAG --offline
            _contrast_option once ANY --kds-url
            _contrast_option once FLAG --no-revocation
            _contrast_option again FILES --insecure-root
            _contrast_option once FLAG --help -h
            ;;
        manifest)
            _contrast_option once "text json junit" --format
            _contrast_option once FILES --output -o
            _contrast_option once FLAG --quiet -q
            _contrast_option once FLAG --help -h
            operand="check"
            further=FILES
            ;;
        policy)
            _contrast_option once ANY --workload
            _contrast_option once FLAG --help -h
            operand="explain"
            further=FILES
            ;;
        sign)
            _contrast_option once FILES --manifest -m
            _contrast_option once FILES --out
            _contrast_option once FILES --workload-owner-key
            _contrast_option once ANY --latest-transition
            _contrast_option once FLAG --prepare
            _contrast_option once FILES --workspace-dir
            _contrast_option once FLAG --help -h
            ;;
        inspect)
            _contrast_option again FILES --collateral
            _contrast_option once FLAG --fetch
            _contrast_option once FLAG --offline
            _contrast_option once ANY --kds-url
            _contrast_option once ANY --at
            _contrast_option once FLAG --no-revocation
            _contrast_option again FILES --insecure-root
            _contrast_option once "text json junit" --format
            _contrast_option once FILES --output -o
            _contrast_option once FLAG --quiet -q
            _contrast_option once ANY --jobs -j
            _contrast_option once "milan genoa turin" --product
            _contrast_option again ANY --measurement
            _contrast_option once ANY --launch-digest
            _contrast_option again ANY --report-data
            _contrast_option again ANY --host-data
            _contrast_option again ANY --id-key-digest
            _contrast_option once ANY --derived-id-key
            _contrast_option again ANY --author-key-digest
            _contrast_option again ANY --family-id
            _contrast_option again ANY --image-id
            _contrast_option again ANY --chip-id
            _contrast_option once ANY --minimum-tcb
            _contrast_option once ANY --minimum-launch-tcb
            _contrast_option once FLAG --no-provisional
            _contrast_option once ANY --minimum-version
            _contrast_option once ANY --minimum-guest-svn
            _contrast_option once ANY --guest-policy
            _contrast_option once ANY --platform-allowed
            _contrast_option once ANY --platform-required
            _contrast_option once ANY --vmpl
            _contrast_option once ANY --mitigations
            _contrast_option once FLAG --help -h
            operand=FILES
            further=$operand
            ;;
        measure)
            _contrast_option once FILES --ovmf
            _contrast_option once FILES --kernel
            _contrast_option once FILES --initrd
            _contrast_option once ANY --append
            _contrast_option once ANY --vcpus
            _contrast_option once "milan genoa turin" --product
            _contrast_option once ANY --vcpu-type
            _contrast_option once ANY --vcpu-signature
            _contrast_option once ANY --guest-features
            _contrast_option once "qemu ec2 gce" --vmm
            _contrast_option once FLAG --id-block
            _contrast_option once ANY --policy
            _contrast_option once "text json" --format
            _contrast_option once FLAG --help -h
            ;;
        collateral)
            _contrast_option once ANY --at
            _contrast_option again FILES --insecure-root
            _contrast_option once FLAG --help -h
            operand="import export list"
            further=FILES
            ;;
        explain)
            _contrast_option once FLAG --markdown
            _contrast_option once FLAG --man
            _contrast_option once FLAG --help -h
            operand="evidence.envelope evidence.certificate-table evidence.protobuf evidence.thim evidence.hcl evidence.runtime-data report.size report.version report.reserved report.vmpl-range report.signature-algo report.signer-info report.policy-reserved report.author-key-digest report.signature-padding product.known report.tcb-reserved report.chip-id-padding leaf.present leaf.encoding leaf.key leaf.extensions leaf.issuer leaf.subject leaf.algorithm leaf.validity leaf.kind leaf.product leaf.tcb leaf.hwid root.trusted issuer.validity issuer.signature leaf.signature crl.present crl.encoding crl.issuer crl.algorithm crl.signature crl.window crl.serials report.signature tcb.committed tcb.reported firmware.committed tcb.provisional tcb.minimum tcb.launch-minimum firmware.minimum reference.product guest-svn policy.abi policy.smt policy.migrate-ma policy.debug policy.single-socket policy.cxl-allow policy.mem-aes-256-xts policy.rapl-dis policy.ciphertext-hiding-dram policy.page-swap-disable platform.smt-en platform.tsme-en platform.ecc-en platform.rapl-dis platform.ciphertext-hiding-dram-en platform.alias-check-complete platform.iommu-write-safe platform.tio-en platform.reserved vmpl mitigation.launch mitigation.current measurement id-block.id-key id-block.author-key family-id image-id host-data chip-id report-data attest.answer attest.type bundle.format bundle.digests nonce api-version manifest.expected manifest.active manifest.platform history.manifests history.latest history.expected policy.present policy.named policy.form root-ca.certificate root-ca.profile root-ca.signature root-ca.validity root-ca.expected mesh-ca.certificate mesh-ca.profile mesh-ca.signature mesh-ca.validity root-by-hand no-revocation malformed-crl no-chip-allow-list milan amd-sb-3019 amd-sb-3015 chip-id-masked foreign-ca tcbm"
            further=$operand
            ;;
        selftest)
            _contrast_option once FLAG --help -h
            ;;
        version)
            _contrast_option once FLAG --licenses
            _contrast_option once FLAG --help -h
            ;;
        help)
            _contrast_option once FLAG --man
            _contrast_option once "bash zsh fish" --completion
            _contrast_option once FLAG --help -h
            operand="generate verify set recover manifest policy sign inspect measure collateral explain selftest version help"
            ;;
    esac

    # What stands before the cursor. Bash parts words at = and : too.
    for ((i = 2; i < COMP_CWORD; i++)); do
        name=${COMP_WORDS[i]}
        if [ "$name" = = ] && [ -n "$due" ]; then
            continue
        elif [[ $name == [=:]* ]]; then
            i=$((i + 1))
        elif [ -n "$due" ]; then
            due=
        elif [ -n "$ended" ] || [[ $name != -?* ]]; then
            operands=$((operands + 1))
        elif [ "$name" = -- ]; then
            ended=yes
        elif [ -n "${long[$name]:-}" ]; then
            due=${value[$name]#FLAG}
            [ "${often[$name]}" = again ] || given[${long[$name]}]=yes
        fi
    done
    [ "$word" != = ] || word=

    if [ -z "$due$ended" ] && [[ $word == -* ]]; then
        for name in "${options[@]}"; do
            [ -n "${given[$name]}" ] || due+="$name "
        done
    elif [ -z "$due" ]; then
        due=$operand
        [ "$operands" -eq 0 ] || due=$further
    fi
    case $due in
        ANY | NONE) ;;
        FILES) compopt -o default ;;
        *) COMPREPLY=($(compgen -W "$due" -- "$word")) ;;
    esac
}
complete -F _contrast contrast
