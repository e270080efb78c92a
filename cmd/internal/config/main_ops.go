package config

import (
	"net"
	"regexp"
	"strconv"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
)

// Ops is the address at which /healthz, /readyz and /metrics are served.
type Ops struct {
	Listen string   // host:port; "" for none
	Hosts  []string // further host names in requests that it answers
}

// opsPort is an address to listen on, or a block with that and further host names.
type opsPort struct {
	listen text
	hosts  words
}

type opsBlock struct {
	position
	Listen text  `yaml:"listen" jsonschema:"required" eg:"10.1.2.3:9725" doc:"HOST:PORT."`
	Hosts  words `yaml:"hosts" eg:"desk.internal.example" doc:"Host names that requests may use, besides localhost, loopback, the host of listen: and the address that was connected to."`
}

func (v *opsPort) scan(r *reader, n *yaml.Node, k key) {
	if n.Kind != yaml.MappingNode {
		v.listen.scan(r, n, k)
		return
	}
	var b opsBlock
	r.mapping(n, reflectOf(&b), k)
	v.listen, v.hosts = b.Listen, b.Hosts
}

func (opsPort) JSONSchema() *jsonschema.Schema {
	block := reflector().Reflect(&opsBlock{})
	block.Version = ""
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, block}}
}

func (opsPort) kind() string { return "HOST:PORT, or block with listen and hosts" }

func (f *mainFile) ops(faults, warnings *fault.List) Ops {
	v := f.Ops.listen
	for _, h := range f.Ops.hosts.list {
		if net.ParseIP(h.s) == nil && h.s != "localhost" && !isHost(h.s) {
			faults.Add(h.at, "like desk.internal.example, without a port", "%q is no host name", h.s)
		}
	}
	if !v.given() || v.s == "none" {
		return Ops{}
	}
	host, port, err := net.SplitHostPort(v.s)
	n, err2 := strconv.Atoi(port)
	if err != nil || err2 != nil || n < 0 || n > 65535 {
		faults.Add(v.at, "like 127.0.0.1:9725, or none", "%q is no HOST:PORT", v.s)
		return Ops{}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		warnings.Add(v.at, "127.0.0.1:"+port, "%q can be reached from outside, and has no password", v.s)
	}
	if len(f.Ops.hosts.list) == 0 {
		return Ops{Listen: v.s}
	}
	return Ops{Listen: v.s, Hosts: f.Ops.hosts.strings()}
}

// isHost reports whether a name is allowed in a Host field: letters, digits and hyphens between
// dots (RFC 1123 section 2.1), and underscores, as container networks name machines.
func isHost(name string) bool {
	return len(name) <= 253 && hostName.MatchString(name)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$`)
