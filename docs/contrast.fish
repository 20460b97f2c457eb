# Written by "contrast help --completion fish"; a test compares.

function __contrast_begins
    test (count (commandline -opc)) -eq 1
end

# Whether the command is this one.
function __contrast_in -a command
    set -l before (commandline -opc)
    test "$before[2]" = $command
end

# Whether an option has not been given yet.  Behind its name the last word lacks its value.
function __contrast_once -a command value
    set -l before (commandline -opc)
    test "$before[2]" = $command; or return 1
    test $value = value; and contains -- "$before[-1]" $argv[3..]; and set -e before[-1]
    for name in $argv[3..]
        contains -- $name $before; and return 1
        string match -q -- "$name=*" $before; and return 1
    end
    return 0
end

# Whether no operand has been given yet; behind the command stand its options that take a value.
function __contrast_first -a command
    set -l before (commandline -opc)
    test "$before[2]" = $command; or return 1
    set -l due no
    for word in $before[3..]
        if test $due = yes
            set due no
        else if contains -- $word $argv[2..]
            set due yes
        else if not string match -q -- '-?*' $word
            return 1
        end
    end
    return 0
end

complete -c contrast -f
complete -c contrast -n __contrast_begins -s h -l help -d 'this text'
complete -c contrast -n __contrast_begins -a generate -d 'prepare Kubernetes YAML for confidential pods, with policies and a manifest'
complete -c contrast -n __contrast_begins -a verify -d 'tell whether a deployment is the one that a manifest describes'
complete -c contrast -n __contrast_begins -a set -d 'give a Coordinator its manifest'
complete -c contrast -n __contrast_begins -a recover -d 'bring a Coordinator that was started again its seed'
complete -c contrast -n __contrast_begins -a manifest -d 'tell what manifests say and what is wrong with them'
complete -c contrast -n __contrast_begins -a policy -d 'tell in words what policies let the host do'
complete -c contrast -n __contrast_begins -a sign -d 'approve a manifest with the key of a workload owner'
complete -c contrast -n __contrast_begins -a inspect -d 'tell what SNP reports say and whether they are genuine'
complete -c contrast -n __contrast_begins -a measure -d 'compute the launch digest of a guest, and its ID block'
complete -c contrast -n __contrast_begins -a collateral -d 'keep leaves and CRLs for machines without a network'
complete -c contrast -n __contrast_begins -a explain -d 'tell what a check means and what to do when it fails'
complete -c contrast -n __contrast_begins -a selftest -d 'compute known answers, and fail when one is not as it should be'
complete -c contrast -n __contrast_begins -a version -d 'tell the version, and what is linked'
complete -c contrast -n __contrast_begins -a help -d 'tell how to use a command'

# contrast generate
complete -c contrast -n '__contrast_once generate value --reference-values' -l reference-values -x -d 'where the pods will run, for example aks-clh-snp; required'
complete -c contrast -n '__contrast_once generate flag --no-policies' -l no-policies -d 'prepare the YAML and make no policies and no manifest'
complete -c contrast -n '__contrast_once generate value --manifest -m' -l manifest -o m -r -F -d 'the manifest, which is made or brought up to date; default: manifest.json'
complete -c contrast -n '__contrast_once generate value --policy -p' -l policy -o p -r -F -d 'rules for the agent; default: rules.rego, which is made when it is not there'
complete -c contrast -n '__contrast_once generate value --settings -s' -l settings -o s -r -F -d 'settings of policies; default: settings.json, which is made when it is not there'
complete -c contrast -n '__contrast_once generate value --reference-values-file' -l reference-values-file -r -F -d 'reference values of platforms for a new manifest, instead of those of the program'
complete -c contrast -n '__contrast_in generate' -l add-workload-owner-key -o w -r -F -d 'a key, private or public, whose owner may update the manifest (repeatable); default: workload-owner.pem, which is made when it is not there'
complete -c contrast -n '__contrast_in generate' -l add-seedshare-owner-key -r -F -d 'a key whose owner may recover the Coordinator (repeatable); default: seedshare-owner.pem, which is made when it is not there'
complete -c contrast -n '__contrast_once generate flag --disable-updates -d' -l disable-updates -o d -d 'let nobody update the manifest once it is set'
complete -c contrast -n '__contrast_once generate value --image-replacements' -l image-replacements -r -F -d 'lines ORIGINAL=REPLACEMENT: images that stand for others'
complete -c contrast -n '__contrast_once generate value --image-layout' -l image-layout -r -F -d 'where images are found: an OCI image layout; policies need it, or --check-images'
complete -c contrast -n '__contrast_once generate flag --check-images' -l check-images -d 'look at all images, in their registries unless --image-layout says where they are'
complete -c contrast -n '__contrast_in generate' -l insecure-registry -x -d 'ask this registry without TLS (repeatable)'
complete -c contrast -n '__contrast_once generate flag --skip-initializer' -l skip-initializer -d 'add no initializer'
complete -c contrast -n '__contrast_once generate flag --skip-service-mesh' -l skip-service-mesh -d 'add no mesh proxy'
complete -c contrast -n '__contrast_once generate flag --strict' -l strict -d 'take warnings for errors'
complete -c contrast -n '__contrast_once generate flag --dry-run' -l dry-run -d 'write nothing, and print the changes as a unified diff'
complete -c contrast -n '__contrast_once generate value --output -o' -l output -o o -r -F -d 'write all as one file, and leave those that are read as they are'
complete -c contrast -n '__contrast_once generate flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in generate' -F

# contrast verify
complete -c contrast -n '__contrast_once verify value --evidence' -l evidence -r -F -d 'the body of the answer to POST /attest or /v1/attest, or a bundle that --save has made'
complete -c contrast -n '__contrast_once verify value --coordinator -c' -l coordinator -o c -x -d 'ask this Coordinator, over attested TLS and by its HTTP API, instead of reading files; default port: 1313'
complete -c contrast -n '__contrast_once verify value --http' -l http -x -d 'with -c: where /attest is; default: the same host, port 1314'
complete -c contrast -n '__contrast_once verify value --out' -l out -r -F -d 'with -c: the folder for what was verified; default: verify'
complete -c contrast -n '__contrast_once verify value --manifest -m' -l manifest -o m -r -F -d 'the manifest that the deployment should run; default: manifest.json'
complete -c contrast -n '__contrast_once verify value --nonce' -l nonce -x -d 'the 32 bytes that were sent with the request; a bundle has one, and then the two must be equal'
complete -c contrast -n '__contrast_once verify value --capabilities' -l capabilities -r -F -d 'the body of GET /capabilities: the answer is one to /v1/attest, which binds it'
complete -c contrast -n '__contrast_once verify value --expect-history' -l expect-history -r -F -d 'transitions that are known, oldest first, a line of hex each: the history must go on from them'
complete -c contrast -n '__contrast_once verify value --expect-root-ca' -l expect-root-ca -r -F -d 'a root CA of this deployment, PEM or DER: the root must have the same key'
complete -c contrast -n '__contrast_in verify' -l collateral -r -F -d 'file or folder with leaves and CRLs, DER or PEM (repeatable); never roots'
complete -c contrast -n '__contrast_once verify flag --fetch' -l fetch -d 'with --evidence: get a missing leaf or CRL from AMD, or out of the cache'
complete -c contrast -n '__contrast_once verify flag --offline' -l offline -d 'take missing leaves and CRLs from the cache alone, and ask nobody for them'
complete -c contrast -n '__contrast_once verify value --kds-url' -l kds-url -x -d 'where missing leaves and CRLs are got; default: $CONTRAST_KDS_URL, or AMD\'s service'
complete -c contrast -n '__contrast_once verify value --at' -l at -x -a 'capture' -d 'judge validity at this time instead of now; capture: when the bundle claims to have been made'
complete -c contrast -n '__contrast_once verify flag --no-revocation' -l no-revocation -d 'do not ask for a CRL; the verdict says so'
complete -c contrast -n '__contrast_in verify' -l insecure-root -r -F -d 'believe these ARK, ASK and ASVK instead of AMD\'s (repeatable); the verdict says so and the exit code is 10'
complete -c contrast -n '__contrast_once verify value --save' -l save -r -F -d 'keep all that was judged as a bundle, for an auditor to judge again offline'
complete -c contrast -n '__contrast_once verify flag --keep-denied' -l keep-denied -d 'with --save: keep what was denied too, as FILE.denied.tar'
complete -c contrast -n '__contrast_once verify value --captured-at' -l captured-at -x -d 'with --save: what the bundle claims as the time of its capture; default: now, or what it claimed before'
complete -c contrast -n '__contrast_once verify value --format' -l format -x -a 'text json junit' -d 'text (default), json or junit'
complete -c contrast -n '__contrast_once verify value --output -o' -l output -o o -r -F -d 'write to this file instead of standard output, whole or not at all'
complete -c contrast -n '__contrast_once verify flag --quiet -q' -l quiet -o q -d 'one line'
complete -c contrast -n '__contrast_once verify flag --help -h' -l help -o h -d 'this text'

# contrast set
complete -c contrast -n '__contrast_once set value --coordinator -c' -l coordinator -o c -x -d 'the Coordinator; default port: 1313'
complete -c contrast -n '__contrast_once set value --manifest -m' -l manifest -o m -r -F -d 'the manifest to set; default: manifest.json'
complete -c contrast -n '__contrast_once set value --workload-owner-key' -l workload-owner-key -r -F -d 'the owner\'s key, which an update needs; default: workload-owner.pem, if that is there'
complete -c contrast -n '__contrast_once set value --signature -s' -l signature -o s -r -F -d 'an owner\'s signature of this manifest, in DER, in place of the key'
complete -c contrast -n '__contrast_once set flag --atomic' -l atomic -d 'set it only if the latest transition is the one that is known'
complete -c contrast -n '__contrast_once set value --latest-transition' -l latest-transition -x -d 'with --atomic: the one that is known; default: what verify/latest-transition says, or that there is none'
complete -c contrast -n '__contrast_once set flag --dry-run' -l dry-run -d 'verify the Coordinator and show what would change, and change nothing'
complete -c contrast -n '__contrast_once set value --wait' -l wait -x -d 'how long to try again while the Coordinator is not there; default: 180'
complete -c contrast -n '__contrast_in set' -l collateral -r -F -d 'file or folder with leaves and CRLs, DER or PEM (repeatable); never roots'
complete -c contrast -n '__contrast_once set flag --offline' -l offline -d 'take missing leaves and CRLs from the cache alone, and ask nobody for them'
complete -c contrast -n '__contrast_once set value --kds-url' -l kds-url -x -d 'where missing leaves and CRLs are got; default: $CONTRAST_KDS_URL, or AMD\'s service'
complete -c contrast -n '__contrast_once set flag --no-revocation' -l no-revocation -d 'do not ask for a CRL'
complete -c contrast -n '__contrast_in set' -l insecure-root -r -F -d 'believe these ARK, ASK and ASVK instead of AMD\'s (repeatable); the exit code is 10'
complete -c contrast -n '__contrast_once set flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in set' -F

# contrast recover
complete -c contrast -n '__contrast_once recover value --coordinator -c' -l coordinator -o c -x -d 'the Coordinator; default port: 1313'
complete -c contrast -n '__contrast_once recover value --manifest -m' -l manifest -o m -r -F -d 'the manifest that the Coordinator is judged by; default: manifest.json'
complete -c contrast -n '__contrast_once recover value --seedshare-owner-key' -l seedshare-owner-key -r -F -d 'the RSA key that a seed share is for; default: seedshare-owner.pem'
complete -c contrast -n '__contrast_once recover value --seed' -l seed -r -F -d 'the seed shares, as contrast set has written them; default: seed-shares.json'
complete -c contrast -n '__contrast_once recover flag --force' -l force -d 'recover it although other Coordinators could be asked: what they have issued is not of its mesh CA'
complete -c contrast -n '__contrast_in recover' -l collateral -r -F -d 'file or folder with leaves and CRLs, DER or PEM (repeatable); never roots'
complete -c contrast -n '__contrast_once recover flag --offline' -l offline -d 'take missing leaves and CRLs from the cache alone, and ask nobody for them'
complete -c contrast -n '__contrast_once recover value --kds-url' -l kds-url -x -d 'where missing leaves and CRLs are got; default: $CONTRAST_KDS_URL, or AMD\'s service'
complete -c contrast -n '__contrast_once recover flag --no-revocation' -l no-revocation -d 'do not ask for a CRL; the verdict says so'
complete -c contrast -n '__contrast_in recover' -l insecure-root -r -F -d 'believe these ARK, ASK and ASVK instead of AMD\'s (repeatable); the verdict says so and the exit code is 10'
complete -c contrast -n '__contrast_once recover flag --help -h' -l help -o h -d 'this text'

# contrast manifest
complete -c contrast -n '__contrast_once manifest value --format' -l format -x -a 'text json junit' -d 'text (default), json or junit'
complete -c contrast -n '__contrast_once manifest value --output -o' -l output -o o -r -F -d 'write to this file instead of standard output, whole or not at all'
complete -c contrast -n '__contrast_once manifest flag --quiet -q' -l quiet -o q -d 'findings and warnings only, not what the manifest says'
complete -c contrast -n '__contrast_once manifest flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in manifest; and __contrast_first manifest --format --output -o' -a 'check'
complete -c contrast -n '__contrast_in manifest; and not __contrast_first manifest --format --output -o' -F

# contrast policy
complete -c contrast -n '__contrast_once policy value --workload' -l workload -x -d 'only the policy of this object in YAML'
complete -c contrast -n '__contrast_once policy flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in policy; and __contrast_first policy --workload' -a 'explain'
complete -c contrast -n '__contrast_in policy; and not __contrast_first policy --workload' -F

# contrast sign
complete -c contrast -n '__contrast_once sign value --manifest -m' -l manifest -o m -r -F -d 'the manifest to approve; default: manifest.json'
complete -c contrast -n '__contrast_once sign value --out' -l out -r -F -d 'write the signature, or what is to be signed, to this file, whole or not at all'
complete -c contrast -n '__contrast_once sign value --workload-owner-key' -l workload-owner-key -r -F -d 'the private key of the workload owner, P-384 in PEM; default: workload-owner.pem'
complete -c contrast -n '__contrast_once sign value --latest-transition' -l latest-transition -x -d 'the hash of the transition that the manifest follows; default: what contrast verify left in verify/latest-transition, and zeros when that file is not there'
complete -c contrast -n '__contrast_once sign flag --prepare' -l prepare -d 'write what is to be signed, for a key that this program cannot read'
complete -c contrast -n '__contrast_once sign value --workspace-dir' -l workspace-dir -r -F -d 'where the files lie whose names are not given'
complete -c contrast -n '__contrast_once sign flag --help -h' -l help -o h -d 'this text'

# contrast inspect
complete -c contrast -n '__contrast_in inspect' -l collateral -r -F -d 'file or folder with leaves and CRLs, DER or PEM (repeatable); never roots'
complete -c contrast -n '__contrast_once inspect flag --fetch' -l fetch -d 'get missing leaves and CRLs from AMD, or out of the cache'
complete -c contrast -n '__contrast_once inspect flag --offline' -l offline -d 'take missing leaves and CRLs from the cache alone, and ask nobody for them'
complete -c contrast -n '__contrast_once inspect value --kds-url' -l kds-url -x -d 'where missing leaves and CRLs are got; default: $CONTRAST_KDS_URL, or AMD\'s service'
complete -c contrast -n '__contrast_once inspect value --at' -l at -x -d 'judge validity at this time instead of now'
complete -c contrast -n '__contrast_once inspect flag --no-revocation' -l no-revocation -d 'do not ask for a CRL; the verdict says so'
complete -c contrast -n '__contrast_in inspect' -l insecure-root -r -F -d 'believe these ARK, ASK and ASVK instead of AMD\'s (repeatable); the verdict says so and the exit code is 10'
complete -c contrast -n '__contrast_once inspect value --format' -l format -x -a 'text json junit' -d 'text (default), json or junit'
complete -c contrast -n '__contrast_once inspect value --output -o' -l output -o o -r -F -d 'write to this file instead of standard output, whole or not at all'
complete -c contrast -n '__contrast_once inspect flag --quiet -q' -l quiet -o q -d 'one line for each file'
complete -c contrast -n '__contrast_once inspect value --jobs -j' -l jobs -o j -x -d 'threads; default: one for each processor'
complete -c contrast -n '__contrast_once inspect value --product' -l product -x -a 'milan genoa turin' -d 'the product line must be this one: milan, genoa or turin'
complete -c contrast -n '__contrast_in inspect' -l measurement -x -d 'MEASUREMENT must be this, or one of several (repeatable)'
complete -c contrast -n '__contrast_once inspect value --launch-digest' -l launch-digest -x -d 'MEASUREMENT must be that of 1 to 220 vCPUs: its value for one, and the reset EIP of the others, 8 hex digits'
complete -c contrast -n '__contrast_in inspect' -l report-data -x -d 'REPORT_DATA must be this (repeatable)'
complete -c contrast -n '__contrast_in inspect' -l host-data -x -d 'HOST_DATA must be this (repeatable)'
complete -c contrast -n '__contrast_in inspect' -l id-key-digest -x -d 'ID_KEY_DIGEST must be this (repeatable)'
complete -c contrast -n '__contrast_once inspect value --derived-id-key' -l derived-id-key -x -d 'ID_KEY_DIGEST must be that of the key derived from MEASUREMENT and this POLICY word; wants an expected MEASUREMENT'
complete -c contrast -n '__contrast_in inspect' -l author-key-digest -x -d 'AUTHOR_KEY_EN must be set and AUTHOR_KEY_DIGEST be this (repeatable)'
complete -c contrast -n '__contrast_in inspect' -l family-id -x -d 'FAMILY_ID must be this (repeatable)'
complete -c contrast -n '__contrast_in inspect' -l image-id -x -d 'IMAGE_ID must be this (repeatable)'
complete -c contrast -n '__contrast_in inspect' -l chip-id -x -d 'CHIP_ID must be this, or one of several (repeatable); 8 bytes do for Turin'
complete -c contrast -n '__contrast_once inspect value --minimum-tcb' -l minimum-tcb -x -d 'every part of REPORTED_TCB must reach this: bl=4,tee=0,snp=24,ucode=219, and fmc=1 for Turin'
complete -c contrast -n '__contrast_once inspect value --minimum-launch-tcb' -l minimum-launch-tcb -x -d 'every part of LAUNCH_TCB must reach this'
complete -c contrast -n '__contrast_once inspect flag --no-provisional' -l no-provisional -d 'the firmware that runs must be the committed one'
complete -c contrast -n '__contrast_once inspect value --minimum-version' -l minimum-version -x -d 'the firmware must be at least this version, for example 1.55.29'
complete -c contrast -n '__contrast_once inspect value --minimum-guest-svn' -l minimum-guest-svn -x -d 'GUEST_SVN must be at least this'
complete -c contrast -n '__contrast_once inspect value --guest-policy' -l guest-policy -x -d 'POLICY may allow what this POLICY word allows, and must demand what it demands; for example 0x30000'
complete -c contrast -n '__contrast_once inspect value --platform-allowed' -l platform-allowed -x -d 'bits of PLATFORM_INFO that weaken and may be set: a number, or names as SMT_EN,TSME_EN; 0 for none'
complete -c contrast -n '__contrast_once inspect value --platform-required' -l platform-required -x -d 'bits of PLATFORM_INFO that protect and must be set, for example ALIAS_CHECK_COMPLETE'
complete -c contrast -n '__contrast_once inspect value --vmpl' -l vmpl -x -d 'VMPL must be this, 0 to 3'
complete -c contrast -n '__contrast_once inspect value --mitigations' -l mitigations -x -d 'LAUNCH_MIT_VECTOR and CURRENT_MIT_VECTOR must have these bits, for example 0xf'
complete -c contrast -n '__contrast_once inspect flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in inspect' -F

# contrast measure
complete -c contrast -n '__contrast_once measure value --ovmf' -l ovmf -r -F -d 'firmware image'
complete -c contrast -n '__contrast_once measure value --kernel' -l kernel -r -F -d 'kernel that the VMM boots directly'
complete -c contrast -n '__contrast_once measure value --initrd' -l initrd -r -F -d 'its initrd'
complete -c contrast -n '__contrast_once measure value --append' -l append -x -d 'its command line'
complete -c contrast -n '__contrast_once measure value --vcpus' -l vcpus -x -d 'number of vCPUs'
complete -c contrast -n '__contrast_once measure value --product' -l product -x -a 'milan genoa turin' -d 'CPU model by product line: milan, genoa or turin'
complete -c contrast -n '__contrast_once measure value --vcpu-type' -l vcpu-type -x -d 'CPU model as QEMU calls it, for example EPYC-v4'
complete -c contrast -n '__contrast_once measure value --vcpu-signature' -l vcpu-signature -x -d 'CPU model by EAX of CPUID leaf 1'
complete -c contrast -n '__contrast_once measure value --guest-features' -l guest-features -x -d 'SEV_FEATURES of the vCPUs (default 0x1)'
complete -c contrast -n '__contrast_once measure value --vmm' -l vmm -x -a 'qemu ec2 gce' -d 'who launches: qemu (default), ec2 or gce'
complete -c contrast -n '__contrast_once measure flag --id-block' -l id-block -d 'print Contrast\'s ID block, its authentication and the ID key digest too'
complete -c contrast -n '__contrast_once measure value --policy' -l policy -x -d 'guest policy of the ID block (default 0x30000)'
complete -c contrast -n '__contrast_once measure value --format' -l format -x -a 'text json' -d 'text (default) or json'
complete -c contrast -n '__contrast_once measure flag --help -h' -l help -o h -d 'this text'

# contrast collateral
complete -c contrast -n '__contrast_once collateral value --at' -l at -x -d 'list: what has expired, or will soon, at this time instead of now'
complete -c contrast -n '__contrast_in collateral' -l insecure-root -r -F -d 'import: believe these ARK, ASK and ASVK instead of AMD\'s (repeatable)'
complete -c contrast -n '__contrast_once collateral flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in collateral; and __contrast_first collateral --at --insecure-root' -a 'import export list'
complete -c contrast -n '__contrast_in collateral; and not __contrast_first collateral --at --insecure-root' -F

# contrast explain
complete -c contrast -n '__contrast_once explain flag --markdown' -l markdown -d 'all of them as docs/checks.md'
complete -c contrast -n '__contrast_once explain flag --man' -l man -d 'all of them as the man page contrast-checks'
complete -c contrast -n '__contrast_once explain flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in explain' -a 'evidence.envelope evidence.certificate-table evidence.protobuf evidence.thim evidence.hcl evidence.runtime-data report.size report.version report.reserved report.vmpl-range report.signature-algo report.signer-info report.policy-reserved report.author-key-digest report.signature-padding product.known report.tcb-reserved report.chip-id-padding leaf.present leaf.encoding leaf.key leaf.extensions leaf.issuer leaf.subject leaf.algorithm leaf.validity leaf.kind leaf.product leaf.tcb leaf.hwid root.trusted issuer.validity issuer.signature leaf.signature crl.present crl.encoding crl.issuer crl.algorithm crl.signature crl.window crl.serials report.signature tcb.committed tcb.reported firmware.committed tcb.provisional tcb.minimum tcb.launch-minimum firmware.minimum reference.product guest-svn policy.abi policy.smt policy.migrate-ma policy.debug policy.single-socket policy.cxl-allow policy.mem-aes-256-xts policy.rapl-dis policy.ciphertext-hiding-dram policy.page-swap-disable platform.smt-en platform.tsme-en platform.ecc-en platform.rapl-dis platform.ciphertext-hiding-dram-en platform.alias-check-complete platform.iommu-write-safe platform.tio-en platform.reserved vmpl mitigation.launch mitigation.current measurement id-block.id-key id-block.author-key family-id image-id host-data chip-id report-data attest.answer attest.type bundle.format bundle.digests nonce api-version manifest.expected manifest.active manifest.platform history.manifests history.latest history.expected policy.present policy.named policy.form root-ca.certificate root-ca.profile root-ca.signature root-ca.validity root-ca.expected mesh-ca.certificate mesh-ca.profile mesh-ca.signature mesh-ca.validity root-by-hand no-revocation malformed-crl no-chip-allow-list milan amd-sb-3019 amd-sb-3015 chip-id-masked foreign-ca tcbm'

# contrast selftest
complete -c contrast -n '__contrast_once selftest flag --help -h' -l help -o h -d 'this text'

# contrast version
complete -c contrast -n '__contrast_once version flag --licenses' -l licenses -d 'what is linked, and the licences'
complete -c contrast -n '__contrast_once version flag --help -h' -l help -o h -d 'this text'

# contrast help
complete -c contrast -n '__contrast_once help flag --man' -l man -d 'the man page of a command, or of contrast itself'
complete -c contrast -n '__contrast_once help value --completion' -l completion -x -a 'bash zsh fish' -d 'completion for bash, zsh or fish'
complete -c contrast -n '__contrast_once help flag --help -h' -l help -o h -d 'this text'
complete -c contrast -n '__contrast_in help; and __contrast_first help --completion' -a 'generate verify set recover manifest policy sign inspect measure collateral explain selftest version help'
