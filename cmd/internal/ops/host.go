package ops

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// A web page can make a browser send a request to a host name of the page that resolves to this
// machine (DNS rebinding), and read the response as its own. Such a request names the page's host.
// So the port only answers requests to names and addresses of this machine, whatever the path.

// hosts are the names and addresses of requests that are answered, in addition to those of
// loopback.
type hosts []string

// guarded refuses requests to a host that is not this machine, and requests from pages of other
// sites.
func guarded(allowed hosts, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if !allowed.has(r.Host, local) {
			http.Error(rw, "this host name is not served here: ask by the address of ops: in tierdesk.yaml, or add the name to its hosts:", http.StatusForbidden)
			return
		}
		for _, origin := range r.Header.Values("Origin") {
			if u, err := url.Parse(origin); err != nil || !allowed.has(u.Host, local) {
				http.Error(rw, "requests from pages of other sites are refused", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(rw, r)
	})
}

// has reports whether a Host field (RFC 9110 section 7.2) names loopback, an allowed host, or, as a
// number, the address that was connected to.
func (h hosts) has(field string, local net.Addr) bool {
	host, ok := hostOf(field)
	if !ok {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		if tcp, is := local.(*net.TCPAddr); ip.IsLoopback() || is && !ip.IsUnspecified() && ip == tcp.AddrPort().Addr().Unmap() {
			return true
		}
		if ip.IsUnspecified() {
			return false // some systems connect to loopback
		}
	}
	if host == "localhost" {
		return true
	}
	for _, one := range h {
		if strings.EqualFold(strings.TrimSuffix(one, "."), host) {
			return true
		}
	}
	return false
}

// hostOf returns the host of a Host field in lower case, without brackets, port and trailing dot;
// false if it is malformed.
func hostOf(field string) (string, bool) {
	host, port := field, ""
	if i := strings.LastIndexByte(field, ':'); i >= 0 && !strings.HasSuffix(field, "]") {
		host, port = field[:i], field[i+1:]
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", false
		}
	}
	if inner, is := strings.CutPrefix(host, "["); is {
		inner, is = strings.CutSuffix(inner, "]")
		if ip, err := netip.ParseAddr(inner); !is || err != nil || ip.Is4() {
			return "", false
		}
		return strings.ToLower(inner), true
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host, host != "" && !strings.ContainsAny(host, ":[]@/\\ \t")
}
