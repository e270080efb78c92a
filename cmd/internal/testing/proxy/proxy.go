// Package proxy spoils the connections between the desk and its servers, for tests. It stands apart
// from servers, so that the bench measures a daemon without what only tests link.
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

// Proxy stands between a client and a server and spoils the connection as a test wants it. Its
// methods act on connections that are open and on those to come.
type Proxy struct {
	Addr string // host:port, for the client

	t     testing.TB
	proxy *toxiproxy.Proxy
}

// New starts a proxy before a server's address. It ends with the test.
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

// Heal takes away all that spoils the connections.
func (p *Proxy) Heal() { p.proxy.Toxics.ResetToxics(context.Background()) }

// Drop lets nothing through in either direction, without a word: a black hole.
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

// CutAfter ends each connection once the server has sent so many bytes through it.
func (p *Proxy) CutAfter(bytes int64) {
	p.add("downstream", "limit_data", map[string]any{"bytes": bytes})
}

// CutClientAfter ends each connection once the client has sent so many bytes through it.
func (p *Proxy) CutClientAfter(bytes int64) {
	p.add("upstream", "limit_data", map[string]any{"bytes": bytes})
}

// Reset ends connections by a TCP reset after the delay.
func (p *Proxy) Reset(after time.Duration) {
	p.add("downstream", "reset_peer", map[string]any{"timeout": after.Milliseconds()})
}

// Delay holds back what the server sends.
func (p *Proxy) Delay(d time.Duration) {
	p.add("downstream", "latency", map[string]any{"latency": d.Milliseconds()})
}

// Trickle lets through what the server sends in pieces of so many bytes with a pause between.
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
