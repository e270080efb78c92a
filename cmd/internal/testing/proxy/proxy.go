// Package proxy disturbs the connections between the desk and its servers, for tests. It is
// separate from package servers, so that the benchmark measures a daemon without code that only
// tests link.
package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// Proxy is a proxy between a client and a server that disturbs connections as a test requires. Its
// methods affect both open and later connections.
type Proxy struct {
	Addr string // host:port, for the client

	t     testing.TB
	proxy *toxiproxy.Proxy
}

// New starts a proxy in front of a server's address. It ends with the test.
func New(t testing.TB, upstream string) *Proxy {
	t.Helper()
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := &Proxy{t: t, proxy: toxiproxy.NewProxy(api, t.Name(), "127.0.0.1:0", upstream)}
	if err := p.proxy.Start(); err != nil {
		t.Fatalf("starting a proxy: %v", err)
	}
	t.Cleanup(p.proxy.Stop)
	p.Addr = p.proxy.Listen
	return p
}

// Heal ends all disturbances.
func (p *Proxy) Heal() { p.proxy.Toxics.ResetToxics(context.Background()) }

// Drop silently swallows everything in both directions: a black hole.
func (p *Proxy) Drop() {
	p.add("upstream", "timeout", map[string]any{"timeout": 0})
	p.add("downstream", "timeout", map[string]any{"timeout": 0})
}

// Cut ends all connections and refuses new ones until Open.
func (p *Proxy) Cut() { p.enable(false) }

// Open lets connections through again.
func (p *Proxy) Open() { p.enable(true) }

func (p *Proxy) enable(on bool) {
	p.t.Helper()
	if err := p.proxy.Update(&toxiproxy.Proxy{Listen: p.Addr, Upstream: p.proxy.Upstream, Enabled: on}); err != nil {
		p.t.Errorf("switching a proxy: %v", err)
	}
}

// CutAfter ends each connection once the server has sent the given number of bytes through it.
func (p *Proxy) CutAfter(bytes int64) {
	p.add("downstream", "limit_data", map[string]any{"bytes": bytes})
}

// CutClientAfter ends each connection once the client has sent the given number of bytes through
// it.
func (p *Proxy) CutClientAfter(bytes int64) {
	p.add("upstream", "limit_data", map[string]any{"bytes": bytes})
}

// Reset ends connections with a TCP reset after the delay.
func (p *Proxy) Reset(after time.Duration) {
	p.add("downstream", "reset_peer", map[string]any{"timeout": after.Milliseconds()})
}

// Delay delays what the server sends.
func (p *Proxy) Delay(d time.Duration) {
	p.add("downstream", "latency", map[string]any{"latency": d.Milliseconds()})
}

// Trickle passes on what the server sends in pieces of the given size with a pause in between.
func (p *Proxy) Trickle(bytes int64, pause time.Duration) {
	p.add("downstream", "slicer", map[string]any{"average_size": bytes, "size_variation": 0, "delay": pause.Microseconds()})
}

func (p *Proxy) add(stream, kind string, attributes map[string]any) {
	p.t.Helper()
	b, err := json.Marshal(map[string]any{"name": kind + " " + stream, "type": kind, "stream": stream, "attributes": attributes})
	if err == nil {
		_, err = p.proxy.Toxics.AddToxicJson(bytes.NewReader(b))
	}
	if err != nil {
		p.t.Fatalf("spoiling a connection (%s): %v", kind, err)
	}
}
