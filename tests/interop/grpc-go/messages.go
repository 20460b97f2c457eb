// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const (
	longAPI  = "edgelesssys.contrast.userapi.UserAPI"
	shortAPI = "userapi.UserAPI"
	meshAPI  = "meshapi.MeshAPI"
)

// Message: its fields, numbered from 1; * is repeated, a capital type is another message.
var schema = [][2]string{
	{"Empty", ""},
	{"SetManifestRequest", "Manifest:bytes Policies:bytes* PreviousTransitionHash:bytes Signature:bytes"},
	{"SeedShare", "PublicKey:string EncryptedSeed:bytes"},
	{"SeedShareDocument", "SeedShares:SeedShare* salt:bytes"},
	{"SetManifestResponse", "RootCA:bytes MeshCA:bytes SeedSharesDoc:SeedShareDocument"},
	{"LatestTransition", "TransitionHash:bytes Signature:bytes"},
	{"GetManifestsResponse", "Manifests:bytes* Policies:bytes* RootCA:bytes MeshCA:bytes LatestTransition:LatestTransition"},
	{"NewMeshCertResponse", "MeshCACert:bytes CertChain:bytes RootCACert:bytes WorkloadSecret:bytes"},
}

var descriptors = describe()

func describe() protoreflect.MessageDescriptors {
	file := &descriptorpb.FileDescriptorProto{Name: proto.String("interop.proto"), Package: proto.String("interop"), Syntax: proto.String("proto3")}
	for _, row := range schema {
		message := &descriptorpb.DescriptorProto{Name: proto.String(row[0])}
		for i, word := range strings.Fields(row[1]) {
			name, kind, _ := strings.Cut(word, ":")
			field := &descriptorpb.FieldDescriptorProto{Name: &name, Number: proto.Int32(int32(i + 1)),
				Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
			if strings.HasSuffix(kind, "*") {
				kind, field.Label = kind[:len(kind)-1], descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
			}
			switch kind {
			case "bytes":
				field.Type = descriptorpb.FieldDescriptorProto_TYPE_BYTES.Enum()
			case "string":
				field.Type = descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum()
			default:
				field.Type, field.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(".interop."+kind)
			}
			message.Field = append(message.Field, field)
		}
		file.MessageType = append(file.MessageType, message)
	}
	made, err := protodesc.NewFile(file, nil)
	check(err)
	return made.Messages()
}

// message is one of schema, with its fields by name.
type message struct{ *dynamicpb.Message }

func newMessage(name string) message {
	return message{dynamicpb.NewMessage(descriptors.ByName(protoreflect.Name(name)))}
}

func (m message) field(name string) protoreflect.FieldDescriptor {
	return m.Descriptor().Fields().ByName(protoreflect.Name(name))
}

func (m message) bytes(name string) []byte { return m.Get(m.field(name)).Bytes() }

func (m message) list(name string) (all [][]byte) {
	list := m.Get(m.field(name)).List()
	for i := 0; i < list.Len(); i++ {
		all = append(all, list.Get(i).Bytes())
	}
	return all
}

func (m message) inner(name string) message {
	return message{m.Get(m.field(name)).Message().Interface().(*dynamicpb.Message)}
}

func (m message) has(name string) bool { return m.Has(m.field(name)) }

func (m message) set(name string, value []byte) message {
	m.Set(m.field(name), protoreflect.ValueOfBytes(value))
	return m
}

func (m message) setList(name string, values [][]byte) message {
	list := m.Mutable(m.field(name)).List()
	for _, v := range values {
		list.Append(protoreflect.ValueOfBytes(v))
	}
	return m
}

func (m message) setInner(name string, value message) message {
	m.Set(m.field(name), protoreflect.ValueOfMessage(value.Message))
	return m
}
