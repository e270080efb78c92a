package config

import (
	"net/url"
	"path/filepath"
	"strings"

	"github.com/invopop/jsonschema"
	"go.yaml.in/yaml/v4"

	"tierdesk/rules/fault"
)

// Database is the database in which the desk stores everything.
type Database struct {
	URL      string // sqlite:ABSOLUTE-PATH or postgres://...
	Password Secret // for PostgreSQL; goes into the URL
}

// database is a URL, or a block with a URL and a reference to the password.
type database struct {
	at  fault.Place
	url text
	secretKeys
}

type databaseBlock struct {
	URL text `yaml:"url" jsonschema:"required" eg:"postgres://tierdesk@db/tierdesk" doc:"sqlite:PATH or postgres://USER@HOST/NAME."`
	secretKeys
}

func (v *database) scan(r *reader, n *yaml.Node, k key) {
	v.at = r.at(n)
	if n.Kind != yaml.MappingNode {
		v.url.scan(r, n, k)
		return
	}
	var b databaseBlock
	r.mapping(n, reflectOf(&b), k)
	v.url, v.secretKeys = b.URL, b.secretKeys
}

func (database) JSONSchema() *jsonschema.Schema {
	block := reflector().Reflect(&databaseBlock{})
	block.Version = ""
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", Pattern: "^(sqlite:|postgres(ql)?://)"}, block}}
}

func (database) kind() string {
	return "URL, or block with url and password_file, password_env or password_command"
}

func (f *mainFile) database(dir string, faults, warnings *fault.List) Database {
	v := f.Database.url
	if !v.given() {
		return Database{URL: "sqlite:" + filepath.Join(dir, "desk.db")}
	}
	if path, ok := strings.CutPrefix(v.s, "sqlite:"); ok {
		switch {
		case path == "" || strings.Contains(path, ":memory:") || strings.HasPrefix(path, "//"):
			faults.Add(v.at, "like sqlite:desk.db", "a desk needs a file")
		case f.Database.secretKeys.given():
			faults.Add(f.Database.at, "leave it out, or name a server: url: postgres://tierdesk@db/tierdesk",
				"a SQLite file has no password")
		}
		return Database{URL: "sqlite:" + absolute(dir, path)}
	}
	u, err := url.Parse(v.s)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Host == "" && u.Query().Get("host") == "" ||
		strings.Trim(u.Path, "/") == "" {
		faults.Add(v.at, "sqlite:desk.db or postgres://tierdesk@db/tierdesk", "this names no database")
		return Database{}
	}
	if _, plain := u.User.Password(); plain || u.Query().Has("password") {
		faults.Add(v.at, "a block: {url: postgres://USER@HOST/NAME, password_file: /run/secrets/db}", "the password stands in the URL")
	}
	return Database{URL: v.s, Password: f.Database.build("password", dir, false, f.Database.at, faults, warnings)}
}
