package smtp

import (
	"slices"
	"time"
)

// pool holds the connections of an account and how many the server seems to allow. It is guarded by
// the account's mutex.
type pool struct {
	idle    []*conn
	open    int       // idle or in use
	running int       // goroutines that send
	alone   time.Time // when all but one of them had last ended
	ready   bool
	limit   int       // connections that the server seems to allow
	since   time.Time // when the limit was noticed
	hold    time.Duration
}

// How long a limit that the server has shown is observed: at first and at most.
const (
	holdLimit       = time.Minute
	holdLimitAtMost = time.Hour
)

// allowed returns how many connections may be in use simultaneously. A limit that the server has
// shown is tested again after a while.
func (p *pool) allowed(now time.Time, most int) int {
	if p.limit < most && now.Sub(p.since) > p.hold {
		p.limit = most
	}
	return max(1, p.limit)
}

// lower reduces the number of connections in use, for longer each time it happens again soon.
func (p *pool) lower(to int, now time.Time) {
	if p.hold == 0 || now.Sub(p.since) > 2*p.hold {
		p.hold = holdLimit
	} else if now.Sub(p.since) >= p.hold {
		p.hold = min(2*p.hold, holdLimitAtMost)
	}
	p.limit, p.since = max(1, min(p.limit, to)), now
}

// end records that a goroutine has stopped sending.
func (p *pool) end(now time.Time) {
	p.running--
	if p.running == 1 {
		p.alone = now
	}
}

// shared reports whether other goroutines have been sending, now or at any time since a mail was
// begun.
func (p *pool) shared(began time.Time) bool { return p.running > 1 || began.Before(p.alone) }

// take removes an idle connection from the pool and returns it, nil if there is none.
func (p *pool) take() *conn {
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	c := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return c
}

// closeOld closes connections that have been idle for too long.
func (p *pool) closeOld(now time.Time, idle time.Duration) {
	p.idle = slices.DeleteFunc(p.idle, func(c *conn) bool {
		old := now.Sub(c.last) >= idle
		if old {
			p.open--
			go c.quit()
		}
		return old
	})
}

// closeAll closes all idle connections.
func (p *pool) closeAll() {
	for _, c := range p.idle {
		p.open--
		c.quit()
	}
	p.idle = nil
}
