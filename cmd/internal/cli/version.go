package cli

import (
	"runtime"
	"runtime/debug"
	"strings"

	"tierdesk/cmd/internal/app"
)

type versionCmd struct{ asJSON }

// built identifies the build of this program.
type built struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`
	Changed  bool   `json:"changed,omitempty"` // built from files that are not committed
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func version() built {
	b := built{Version: strings.Trim(app.Version(), "()"), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Changed = s.Value == "true"
		}
	}
	return b
}

// Run prints the version.
func (c *versionCmd) Run(e *env) error {
	b := version()
	if c.JSON {
		return e.json(b)
	}
	e.printf("tierdesk %s (%s, %s)\n", b.Version, b.Go, b.Platform)
	return nil
}
