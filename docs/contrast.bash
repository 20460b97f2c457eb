# Written by "contrast help --completion"; a test compares.
# shellcheck shell=bash disable=SC2207
_contrast() {
    local word=${COMP_WORDS[COMP_CWORD]} options= words=
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "verify inspect measure collateral explain selftest version help --help" -- "$word"))
        return
    fi
    case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD - 1]}" in
        "verify --evidence")
            compopt -o default
            return ;;
        "verify --manifest" | "verify -m")
            compopt -o default
            return ;;
        "verify --nonce")
            return ;;
        "verify --capabilities")
            compopt -o default
            return ;;
        "verify --expect-history")
            compopt -o default
            return ;;
        "verify --expect-root-ca")
            compopt -o default
            return ;;
        "verify --collateral")
            compopt -o default
            return ;;
        "verify --at")
            COMPREPLY=($(compgen -W "capture" -- "$word"))
            return ;;
        "verify --insecure-root")
            compopt -o default
            return ;;
        "verify --save")
            return ;;
        "verify --captured-at")
            return ;;
        "verify --format")
            COMPREPLY=($(compgen -W "text json junit" -- "$word"))
            return ;;
        "verify --output" | "verify -o")
            compopt -o default
            return ;;
        "inspect --collateral")
            compopt -o default
            return ;;
        "inspect --at")
            return ;;
        "inspect --insecure-root")
            compopt -o default
            return ;;
        "inspect --format")
            COMPREPLY=($(compgen -W "text json junit" -- "$word"))
            return ;;
        "inspect --output" | "inspect -o")
            compopt -o default
            return ;;
        "inspect --jobs" | "inspect -j")
            return ;;
        "inspect --product")
            COMPREPLY=($(compgen -W "milan genoa turin" -- "$word"))
            return ;;
        "inspect --measurement")
            return ;;
        "inspect --launch-digest")
            return ;;
        "inspect --report-data")
            return ;;
        "inspect --host-data")
            return ;;
        "inspect --id-key-digest")
            return ;;
        "inspect --derived-id-key")
            return ;;
        "inspect --author-key-digest")
            return ;;
        "inspect --family-id")
            return ;;
        "inspect --image-id")
            return ;;
        "inspect --chip-id")
            return ;;
        "inspect --minimum-tcb")
            return ;;
        "inspect --minimum-launch-tcb")
            return ;;
        "inspect --minimum-version")
            return ;;
        "inspect --minimum-guest-svn")
            return ;;
        "inspect --guest-policy")
            return ;;
        "inspect --platform-allowed")
            return ;;
        "inspect --platform-required")
            return ;;
        "inspect --vmpl")
            return ;;
        "inspect --mitigations")
            return ;;
        "measure --ovmf")
            compopt -o default
            return ;;
        "measure --kernel")
            compopt -o default
            return ;;
        "measure --initrd")
            compopt -o default
            return ;;
        "measure --append")
            return ;;
        "measure --vcpus")
            return ;;
        "measure --product")
            COMPREPLY=($(compgen -W "milan genoa turin" -- "$word"))
            return ;;
        "measure --vcpu-type")
            return ;;
        "measure --vcpu-signature")
            return ;;
        "measure --guest-features")
            return ;;
        "measure --vmm")
            COMPREPLY=($(compgen -W "qemu ec2 gce" -- "$word"))
            return ;;
        "measure --policy")
            return ;;
        "measure --format")
            COMPREPLY=($(compgen -W "text json" -- "$word"))
            return ;;
        "collateral --at")
            return ;;
        "collateral --insecure-root")
            compopt -o default
            return ;;
    esac
    case "${COMP_WORDS[1]}" in
        verify) options="--evidence --manifest --nonce --capabilities --expect-history --expect-root-ca --collateral --at --no-revocation --insecure-root --save --keep-denied --captured-at --format --output --quiet --help" words="" ;;
        inspect) options="--collateral --at --no-revocation --insecure-root --format --output --quiet --jobs --product --measurement --launch-digest --report-data --host-data --id-key-digest --derived-id-key --author-key-digest --family-id --image-id --chip-id --minimum-tcb --minimum-launch-tcb --no-provisional --minimum-version --minimum-guest-svn --guest-policy --platform-allowed --platform-required --vmpl --mitigations --help" words="" ;;
        measure) options="--ovmf --kernel --initrd --append --vcpus --product --vcpu-type --vcpu-signature --guest-features --vmm --id-block --policy --format --help" words="" ;;
        collateral) options="--at --insecure-root --help" words="import export list" ;;
        explain) options="--markdown --help" words="evidence.envelope evidence.certificate-table evidence.protobuf evidence.thim evidence.hcl evidence.runtime-data report.size report.version report.reserved report.vmpl-range report.signature-algo report.signer-info report.policy-reserved report.author-key-digest report.signature-padding product.known report.tcb-reserved report.chip-id-padding leaf.present leaf.encoding leaf.key leaf.extensions leaf.issuer leaf.subject leaf.algorithm leaf.validity leaf.kind leaf.product leaf.tcb leaf.hwid root.trusted issuer.validity issuer.signature leaf.signature crl.present crl.encoding crl.issuer crl.algorithm crl.signature crl.window crl.serials report.signature tcb.committed tcb.reported firmware.committed tcb.provisional tcb.minimum tcb.launch-minimum firmware.minimum reference.product guest-svn policy.abi policy.smt policy.migrate-ma policy.debug policy.single-socket policy.cxl-allow policy.mem-aes-256-xts policy.rapl-dis policy.ciphertext-hiding-dram policy.page-swap-disable platform.smt-en platform.tsme-en platform.ecc-en platform.rapl-dis platform.ciphertext-hiding-dram-en platform.alias-check-complete platform.iommu-write-safe platform.tio-en platform.reserved vmpl mitigation.launch mitigation.current measurement id-block.id-key id-block.author-key family-id image-id host-data chip-id report-data attest.answer attest.type bundle.format bundle.digests nonce api-version manifest.expected manifest.active manifest.platform history.manifests history.latest history.expected policy.present policy.named root-ca.certificate root-ca.profile root-ca.signature root-ca.validity root-ca.expected mesh-ca.certificate mesh-ca.profile mesh-ca.signature mesh-ca.validity root-by-hand no-revocation malformed-crl no-chip-allow-list milan amd-sb-3019 amd-sb-3015 chip-id-masked foreign-ca tcbm" ;;
        selftest) options="--help" words="" ;;
        version) options="--licenses --help" words="" ;;
        help) options="--man --completion --help" words="" ;;
    esac
    case "$word" in
        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        *) COMPREPLY=($(compgen -W "$words" -- "$word")); compopt -o default ;;
    esac
}
complete -F _contrast contrast
