# SPDX-License-Identifier: Apache-2.0
# What the host may ask the kata-agent of a confidential pod to do.  The pod's own data follows as `policy_data`.
#
# Every request of the agent has a decision here, and the decision is no unless a rule says yes.  A request that takes up
# something for good (a container, the pod's name) answers with operations on the state, data["pstate"].
#
# What is not looked at, for it changes nothing that the guest trusts: Hostname, CgroupsPath, Rlimits, OOMScoreAdj, ConsoleSize,
# limits of CPU and memory, ports of stdio.
package agent_policy

import future.keywords.every
import future.keywords.if
import future.keywords.in

# ---- requests without a rule -------------------------------------------------------------------------------------------

# The host could do as much to the machine as a whole.
default DestroySandboxRequest := true
default GetOOMEventRequest := true
default GuestDetailsRequest := true
default OnlineCPUMemRequest := true
default RemoveStaleVirtiofsShareMountsRequest := true
default SignalProcessRequest := true
default StartContainerRequest := true
default StatsContainerRequest := true
default TtyWinResizeRequest := true
default WaitProcessRequest := true

default AddSwapPathRequest := false
default AddSwapRequest := false
default AllowRequestsFailingPolicy := false
default GetIPTablesRequest := false
default GetMetricsRequest := false
default ListInterfacesRequest := false
default ListRoutesRequest := false
default MemAgentCompactConfig := false
default MemAgentMemcgConfig := false
default MemHotplugByProbeRequest := false
default PauseContainerRequest := false
default PullImageRequest := false
default ReseedRandomDevRequest := false
default ResizeVolumeRequest := false
default ResumeContainerRequest := false
default SetGuestDateTimeRequest := false
default SetIPTablesRequest := false
default SetPolicyRequest := false
default StartTracingRequest := false
default StopTracingRequest := false
default UpdateContainerRequest := false
default VolumeStatsRequest := false

# ---- requests that a switch allows -------------------------------------------------------------------------------------

default CloseStdinRequest := false
default GetDiagnosticDataRequest := false
default ReadStreamRequest := false
default UpdateEphemeralMountsRequest := false
default WriteStreamRequest := false

CloseStdinRequest if object.get(policy_data.request_defaults, "CloseStdinRequest", false) == true

GetDiagnosticDataRequest if object.get(policy_data.request_defaults, "GetDiagnosticDataRequest", false) == true

ReadStreamRequest if object.get(policy_data.request_defaults, "ReadStreamRequest", false) == true

UpdateEphemeralMountsRequest if object.get(policy_data.request_defaults, "UpdateEphemeralMountsRequest", false) == true

WriteStreamRequest if object.get(policy_data.request_defaults, "WriteStreamRequest", false) == true

# ---- the network, before the sandbox -----------------------------------------------------------------------------------

default AddARPNeighborsRequest := false
default UpdateInterfaceRequest := false
default UpdateRoutesRequest := false

# NOARP is the one flag that the runtime passes on.
UpdateInterfaceRequest if {
	input.interface.name != "lo"
	input.interface.device != "lo"
	input.interface.hwAddr != "00:00:00:00:00:00"
	input.interface.raw_flags in [0, 128]
}

UpdateRoutesRequest if {
	every r in input.routes.Routes {
		r.device != "lo"
		not is_loopback(r.source)
	}
}

AddARPNeighborsRequest if {
	every n in input.neighbors.ARPNeighbors {
		n.device != "lo"
		n.toIPAddress.mask == ""
		not is_loopback(n.toIPAddress.address)
		n.state in [2, 128]
		n.flags in [0, 8, 128, 136]
	}
}

is_loopback(address) if startswith(address, "127.")

is_loopback(address) if regex.match(`^[0:]*:0*1(/.*)?$`, address)

is_loopback(address) if regex.match(`^[0:]*:[fF]{4}:(127\.|7[fF])`, address)

# ---- the sandbox -------------------------------------------------------------------------------------------------------

default CreateSandboxRequest := false

CreateSandboxRequest if {
	input.guest_hook_path == ""
	count(input.kernel_modules) == 0
	input.sandbox_pidns == false
	every s in input.storages {
		s in policy_data.sandbox.storages
	}
}

# ---- files from the host -----------------------------------------------------------------------------------------------

default CopyFileRequest := false

CopyFileRequest if {
	is_shared_path(input.path)
	input.file_type in ["Regular", "Directory"]
	input.symlink_target == null
}

# Kubernetes writes ConfigMaps and Secrets by way of links beside them.
CopyFileRequest if {
	is_shared_path(input.path)
	is_below_top(input.path)
	input.file_type == "Symlink"
	not startswith(input.symlink_target, "/")
	input.symlink_target != ""
	every part in split(input.symlink_target, "/") {
		part != ".."
	}
}

shared_pattern := `^/run/kata-containers/shared/containers(/passthrough)?/(watchable/)?[a-z0-9][a-z0-9.-]*-[a-z0-9]{16}-[^/]+(/[^/]+)*$`

is_shared_path(path) if {
	regex.match(shared_pattern, path)
	every part in split(path, "/") {
		not part in [".", ".."]
	}
}

is_below_top(path) if regex.match(`^/run/kata-containers/shared/containers(/passthrough)?/(watchable/)?[a-z0-9][a-z0-9.-]*-[a-z0-9]{16}-[^/]+/`, path)

# ---- containers --------------------------------------------------------------------------------------------------------

default CreateContainerRequest := false

# Of several that fit the first is taken, and is taken until it is removed.
CreateContainerRequest := {"allowed": true, "ops": ops} if {
	is_plain
	fits := {i | some i; container := policy_data.containers[i]; is_free(i); fits_container(container)}
	count(fits) > 0
	index := min(fits)
	ops := array.concat(sandbox_ops, [
		{"op": "add", "path": concat("", ["/pstate/", state_key(input.container_id)]), "value": index},
		{"op": "add", "path": concat("", ["/pstate/", index_key(index)]), "value": input.container_id},
	])
}

default RemoveContainerRequest := false

RemoveContainerRequest := {"allowed": true, "ops": ops} if {
	index := state[state_key(input.container_id)]
	ops := [
		{"op": "remove", "path": concat("", ["/pstate/", state_key(input.container_id)])},
		{"op": "remove", "path": concat("", ["/pstate/", index_key(index)])},
	]
}

# One that was never made.
RemoveContainerRequest if not state[state_key(input.container_id)]

state := data["pstate"]

state_key(id) := concat("", ["container-", id])

index_key(index) := sprintf("index-%d", [index])

is_free(index) if not state[index_key(index)]

# What no container of Kubernetes has, and ids that are fit for a path.
is_plain if {
	regex.match(`^[a-z0-9][a-z0-9.-]{0,127}$`, input.container_id)
	not state_has(state_key(input.container_id))
	input.string_user == null
	count(input.shared_mounts) == 0
	input.OCI.Hooks == null
	input.OCI.Solaris == null
	input.OCI.Windows == null
	input.OCI.Linux.Seccomp == null
	input.OCI.Linux.IntelRdt == null
	input.OCI.Linux.MountLabel == ""
	input.OCI.Linux.RootfsPropagation == ""
	count(input.OCI.Linux.UIDMappings) == 0
	count(input.OCI.Linux.GIDMappings) == 0
	count(input.OCI.Linux.Resources.Devices) == 0
	input.OCI.Linux.Resources.BlockIO == null
	input.OCI.Linux.Resources.Network == null
	input.OCI.Linux.Resources.Pids == null
	input.OCI.Process.SelinuxLabel == ""
	input.OCI.Process.User.Username == ""
	count(input.OCI.Process.Capabilities.Ambient) == 0
	count(input.OCI.Process.Capabilities.Inheritable) == 0
}

state_has(key) if _ = state[key]

fits_container(container) if {
	input.sandbox_pidns == container.sandbox_pidns
	input.OCI.Root.Readonly == container.OCI.Root.Readonly
	fits_annotations(container)
	fits_sandbox(container)
	fits_process(input.OCI.Process, container)
	fits_args(container)
	fits_capabilities(container)
	fits_mounts(container)
	fits_storages(container)
	fits_devices(container)
	fits_linux(container)
}

# ---- the pod's name: the first container of the pod says it, for good --------------------------------------------------------

sandbox_name := input.OCI.Annotations["io.kubernetes.cri.sandbox-name"]

namespace := input.OCI.Annotations["io.kubernetes.cri.sandbox-namespace"]

sandbox_id := input.OCI.Annotations["io.kubernetes.cri.sandbox-id"]

network_paths := [n.Path | some n in input.OCI.Linux.Namespaces; n.Type == "network"]

network_path := network_paths[0] if count(network_paths) == 1

network_path := "" if count(network_paths) == 0

is_sandbox(container) if container.OCI.Annotations["io.kubernetes.cri.container-type"] == "sandbox"

fits_sandbox(container) if {
	is_sandbox(container)
	not state_has("sandbox_name")
	fits_names
	input.container_id == sandbox_id
}

fits_sandbox(container) if {
	not is_sandbox(container)
	state.sandbox_name == sandbox_name
	state.namespace == namespace
	state.sandbox_id == sandbox_id
	state.network_namespace == network_path
}

fits_names if {
	regex.match(policy_data.sandbox.name, sandbox_name)
	regex.match(policy_data.sandbox.namespace, namespace)
	regex.match(`^[a-z0-9]{64}$`, sandbox_id)
}

default sandbox_ops := []

sandbox_ops := [
	{"op": "add", "path": "/pstate/sandbox_name", "value": sandbox_name},
	{"op": "add", "path": "/pstate/namespace", "value": namespace},
	{"op": "add", "path": "/pstate/sandbox_id", "value": sandbox_id},
	{"op": "add", "path": "/pstate/network_namespace", "value": network_path},
] if not state_has("sandbox_name")

# ---- annotations -------------------------------------------------------------------------------------------------------

fits_annotations(container) if {
	every key, value in container.OCI.Annotations {
		input.OCI.Annotations[key] == value
	}
	every key, pattern in container.annotation_patterns {
		is_annotation_like(key, pattern)
	}
	every key, value in input.OCI.Annotations {
		is_known_annotation(container, key, value)
	}
	is_kind(container)
}

is_kind(container) if {
	is_sandbox(container)
	not input.OCI.Annotations["io.kubernetes.cri.container-name"]
}

is_kind(container) if not is_sandbox(container)

# The network's is absent where the pod has that of the host.
is_annotation_like(key, pattern) if regex.match(pattern, object.get(input.OCI.Annotations, key, ""))

is_annotation_like(key, _) if not input.OCI.Annotations[key]

is_known_annotation(_, key, _) if startswith(key, "io.kubernetes.cri.")

is_known_annotation(_, "io.katacontainers.pkg.oci.bundle_path", _)

is_known_annotation(_, "io.katacontainers.pkg.oci.container_type", _)

is_known_annotation(_, "io.kubernetes.container.terminationMessagePath", value) if startswith(value, "/")

is_known_annotation(_, "io.kubernetes.container.terminationMessagePolicy", value) if value in ["File", "FallbackToLogsOnError"]

is_known_annotation(container, key, _) if container.annotation_patterns[key]

is_known_annotation(_, key, value) if policy_data.pod_annotations[key] == value

# ---- the process -------------------------------------------------------------------------------------------------------

fits_process(process, container) if {
	want := container.OCI.Process
	process.Cwd == want.Cwd
	process.NoNewPrivileges == want.NoNewPrivileges
	process.Terminal == want.Terminal
	process.User.UID == want.User.UID
	process.User.GID == want.User.GID
	{g | some g in process.User.AdditionalGids} == {g | some g in want.User.AdditionalGids}
	every variable in process.Env {
		is_variable(variable, container)
	}
}

fits_args(container) if input.OCI.Process.Args == container.OCI.Process.Args

fits_capabilities(container) if {
	want := {c | some c in container.OCI.Process.Capabilities}
	{c | some c in input.OCI.Process.Capabilities.Bounding} == want
	{c | some c in input.OCI.Process.Capabilities.Effective} == want
	{c | some c in input.OCI.Process.Capabilities.Permitted} == want
}

is_variable(variable, container) if variable in container.OCI.Process.Env

# What is known only when the pod runs.
is_variable(variable, container) if {
	parts := split(variable, "=")
	count(parts) == 2
	fits_field(container.env_fields[parts[0]], parts[1])
}

# What the kubelet adds; never a name that the pod has given a value itself.
is_variable(variable, container) if {
	parts := split(variable, "=")
	count(parts) == 2
	not parts[0] in own_names(container)
	is_added(parts[0], parts[1])
}

own_names(container) := {split(v, "=")[0] | some v in container.OCI.Process.Env} | {n | some n, _ in container.env_fields}

# At an exec the name is that of the state.
current_name := state.sandbox_name if state_has("sandbox_name")

current_name := sandbox_name if not state_has("sandbox_name")

current_namespace := state.namespace if state_has("sandbox_name")

current_namespace := namespace if not state_has("sandbox_name")

fits_field("sandbox-name", value) if value == current_name

fits_field("sandbox-namespace", value) if value == current_namespace

fits_field("ips", value) if {
	every one in split(value, ",") {
		is_address(one)
	}
}

fits_field("pod-uid", value) if regex.match(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, value)

fits_field("ip", value) if is_address(value)

is_address(value) if regex.match(`^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:]{2,39})$`, value)

fits_field("node-name", value) if regex.match(`^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$`, value)

fits_field("number", value) if regex.match(`^[0-9]{1,20}$`, value)

is_added("HOSTNAME", value) if value == current_name

# The kubelet cuts it.
is_added("HOSTNAME", value) if {
	count(current_name) > 63
	value == trim_right(substring(current_name, 0, 63), "-.")
}

is_added("TERM", "xterm")

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_SERVICE_HOST$`, name)
	fits_field("ip", value)
}

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_SERVICE_PORT(_[A-Z0-9_]+)?$`, name)
	is_port(value)
}

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_PORT(_[0-9]{1,5}_(TCP|UDP))?$`, name)
	regex.match(`^(tcp|udp)://(([0-9]{1,3}\.){3}[0-9]{1,3}|\[[0-9a-fA-F:]{2,39}\]):[0-9]{1,5}$`, value)
}

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_PORT_[0-9]{1,5}_(TCP|UDP)_PROTO$`, name)
	value in ["tcp", "udp"]
}

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_PORT_[0-9]{1,5}_(TCP|UDP)_PORT$`, name)
	is_port(value)
}

is_added(name, value) if {
	regex.match(`^[A-Z_][A-Z0-9_]*_PORT_[0-9]{1,5}_(TCP|UDP)_ADDR$`, name)
	fits_field("ip", value)
}

is_added("JOB_COMPLETION_INDEX", value) if fits_field("number", value)

is_port(value) if regex.match(`^[0-9]{1,5}$`, value)

# ---- mounts ------------------------------------------------------------------------------------------------------------

bundle_id := ids[0][1] if {
	ids := regex.find_all_string_submatch_n(`^/run/kata-containers/(?:shared/containers/)?([a-z0-9][a-z0-9.-]*)/rootfs$`, input.OCI.Root.Path, 1)
	count(ids) == 1
}

# Each place once; fewer than the pod has are its own loss.
fits_mounts(container) if {
	count({m.destination | some m in input.OCI.Mounts}) == count(input.OCI.Mounts)
	every m in input.OCI.Mounts {
		some want in container.OCI.Mounts
		fits_mount(m, want)
	}
}

fits_mount(m, want) if {
	m.destination == want.destination
	m.type_ == want.type_
	m.options == want.options
	fits_source(m.source, want)
}

# Some kernels have options of their own for control groups.
fits_mount(m, want) if {
	m.destination == "/sys/fs/cgroup"
	want.destination == "/sys/fs/cgroup"
	m.type_ == want.type_
	m.source == want.source
	[o | some o in m.options; not o in ["nsdelegate", "memory_recursiveprot"]] == want.options
}

fits_source(source, want) if source == want.source

# A file or folder that the host has copied, by the name that the kubelet gives it.
fits_source(source, want) if {
	prefix := regex.find_all_string_submatch_n(`^/run/kata-containers/shared/containers(?:/passthrough)?/(?:watchable/)?([a-z0-9][a-z0-9.-]*)-[a-z0-9]{16}-([^/]+)$`, source, 1)
	count(prefix) == 1
	prefix[0][1] == bundle_id
	prefix[0][2] == want.shared_name
}

# An emptyDir on disk: a folder of the guest's, or a disk that the guest encrypts with a key of its own.
fits_mount(m, want) if {
	m.destination == want.destination
	m.type_ in ["bind", "local"]
	m.options == want.options
	some s in input.storages
	fits_empty_dir(s, want.empty_dir)
	m.source == s.mount_point
}

# ---- storages and devices ----------------------------------------------------------------------------------------------

fits_storages(container) if {
	count(input.storages) == count(container.storages) + 1
	count({s.mount_point | some s in input.storages}) == count(input.storages)
	images := [s | some s in input.storages; s.driver == "image_guest_pull"]
	count(images) == 1
	fits_image(images[0], container)
	every s in input.storages {
		is_storage(s, container)
	}
}

is_storage(s, _) if s.driver == "image_guest_pull"

is_storage(s, container) if {
	some want in container.storages
	fits_empty_dir(s, want.empty_dir)
}

is_storage(s, container) if {
	s.driver != "image_guest_pull"
	some want in container.storages
	s.driver == want.driver
	s.driver_options == want.driver_options
	s.source == want.source
	s.fstype == want.fstype
	s.options == want.options
	s.mount_point == want.mount_point
	s.fs_group == want.fs_group
	object.get(s, "shared", false) == want.shared
}

fits_empty_dir(s, name) if {
	s.driver == "local"
	count(s.driver_options) == 0
	s.source == "local"
	s.fstype == "local"
	s.options == ["mode=0777"]
	s.mount_point == concat("", ["/run/kata-containers/shared/containers/", sandbox_id, "/rootfs/local/", name])
	s.fs_group == null
	object.get(s, "shared", false) == false
}

fits_empty_dir(s, _) if {
	s.driver in ["blk", "scsi"]
	s.driver_options == ["encryption_key=ephemeral", "create_filesystem"]
	regex.match(`^[0-9a-f/:]{3,32}$`, s.source)
	s.fstype == "ext4"
	count(s.options) == 0
	s.mount_point == concat("", ["/run/kata-containers/sandbox/storage/", base64url.encode(s.source)])
	s.shared == true
}

fits_image(s, container) if {
	s.fstype == "overlay"
	count(s.options) == 0
	s.fs_group == null
	object.get(s, "shared", false) == false
	s.mount_point == input.OCI.Root.Path
	bundle_id != ""
	fits_image_options(s.driver_options)
	fits_image_source(s.source, container)
}

fits_image_options([])

fits_image_options([option]) if {
	startswith(option, "image_guest_pull=")
	document := trim_prefix(option, "image_guest_pull=")
	json.is_valid(document)
	metadata := json.unmarshal(document).metadata
	every key, value in metadata {
		input.OCI.Annotations[key] == value
	}
}

# The guest has this one itself.
fits_image_source("pause", container) if is_sandbox(container)

# By its digest: containerd drops the tag.
fits_image_source(source, container) if {
	not is_sandbox(container)
	parts := split(source, "@")
	count(parts) == 2
	regex.match(`^sha256:[0-9a-f]{64}$`, parts[1])
	parts[1] == container.image
}

fits_devices(container) if {
	count({d.container_path | some d in input.devices}) == count(input.devices)
	every d in input.devices {
		d.container_path in container.devices
	}
	every d in input.OCI.Linux.Devices {
		d.Path in container.devices
	}
}

fits_linux(container) if {
	want := container.OCI.Linux
	namespaces := [[name, n.Path] |
		some n in input.OCI.Linux.Namespaces
		not n.Type in ["network", "cgroup"]
		name := replace(n.Type, "mount", "mnt")
	]
	namespaces == [[n, ""] | some n in want.Namespaces]
	every p in want.MaskedPaths {
		p in input.OCI.Linux.MaskedPaths
	}
	every p in want.ReadonlyPaths {
		is_protected(p)
	}
	every key, value in input.OCI.Linux.Sysctl {
		want.Sysctl[key] == value
	}
}

is_protected(path) if path in input.OCI.Linux.ReadonlyPaths

is_protected(path) if path in input.OCI.Linux.MaskedPaths

# ---- commands in a container: probes and hooks of its own -------------------------------------------------------------------

default ExecProcessRequest := false

ExecProcessRequest if {
	index := state[state_key(input.container_id)]
	container := policy_data.containers[index]
	input.string_user == null
	input.process.SelinuxLabel == ""
	input.process.ApparmorProfile == ""
	input.process.Capabilities == null
	input.process.Terminal == false
	input.process.User.Username == ""
	input.process.Args in container.exec_commands
	fits_process(object.union(input.process, {"Terminal": container.OCI.Process.Terminal}), container)
}
