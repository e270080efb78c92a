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
	alone   time.Time // when all but one of them had last come to an end
	ready   bool
	limit   int       // connections that the server seems to allow
	since   time.Time // when that was found out
	hold    time.Duration
}

// How long a limit is kept that the server has shown, at first and at most.
const (
	holdLimit       = time.Minute
	holdLimitAtMost = time.Hour
)

// allowed returns how many connections may work at once. A limit that the server has shown is tried
// again after a while.
func (p *pool) allowed(now time.Time, most int) int {
	if p.limit < most && now.Sub(p.since) > p.hold {
		p.limit = most
	}
	return max(1, p.limit)
}

// lower has fewer connections work from now on, for longer each time it happens soon again.
func (p *pool) lower(to int, now time.Time) {
	if p.hold == 0 || now.Sub(p.since) > 2*p.hold {
		p.hold = holdLimit
	} else if now.Sub(p.since) >= p.hold {
		p.hold = min(2*p.hold, holdLimitAtMost)
	}
	p.limit, p.since = max(1, min(p.limit, to)), now
}

// end notes that a goroutine sends no more.
func (p *pool) end(now time.Time) {
	p.running--
	if p.running == 1 {
		p.alone = now
	}
}

// shared reports whether others sent as well, now or at some time since a mail was begun.
func (p *pool) shared(began time.Time) bool { return p.running > 1 || began.Before(p.alone) }

// take returns an idle connection, nil if there is none.
func (p *pool) take() *conn {
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	c := p.idle[n-1]
	p.idle = p.idle[:n-1]
	return c
}

// closeOld closes what was idle for too long.
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

// closeAll closes what is idle.
func (p *pool) closeAll() {
	for _, c := range p.idle {
		p.open--
		c.quit()
	}
	p.idle = nil
}
