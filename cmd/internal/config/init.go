package config

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

// Answers are the answers to the questions of `tierdesk init`. Empty ones are replaced by example
// values, with example domains if nothing better is known.
type Answers struct {
	Name, Domain, Admin, Language, Timezone string // of the desk
	Address                                 string // of the inbox
	ReplyAddress                            string // of the inbox, with {token}, or none; "" for plus addresses
	IMAP, IMAPUser, IMAPPassword            string // URL, login name, file of the password
	SMTP, SMTPUser, SMTPPassword            string
	AgentName, AgentFullName, AgentAddress  string // of the first agent
}

// withDefaults fills in missing answers.
func (a Answers) withDefaults() Answers {
	set := func(s *string, v string) {
		if strings.TrimSpace(*s) == "" {
			*s = v
		}
	}
	if _, domain, ok := strings.Cut(a.Address, "@"); ok {
		set(&a.Domain, domain)
	}
	set(&a.Domain, "acme.example")
	set(&a.Name, "Acme Support")
	set(&a.Admin, "it@"+a.Domain)
	set(&a.Language, "en")
	set(&a.Timezone, "UTC")
	set(&a.Address, "support@"+a.Domain)
	set(&a.IMAP, "imaps://imap."+a.Domain)
	set(&a.IMAPUser, a.Address)
	set(&a.IMAPPassword, "/run/secrets/imap")
	set(&a.SMTP, "smtps://smtp."+a.Domain)
	set(&a.SMTPUser, a.IMAPUser)
	set(&a.SMTPPassword, "/run/secrets/smtp")
	set(&a.AgentName, "jane")
	set(&a.AgentFullName, "Jane Doe")
	set(&a.AgentAddress, a.AgentName+"@"+a.Domain)
	return a
}

//go:embed skeleton
var skeleton embed.FS

// ErrNotEmpty means that the folder given to Init is not empty.
var ErrNotEmpty = errors.New("the folder is not empty")

// Init writes a commented desk folder that Load accepts. The folder must be new or empty, or Init
// returns ErrNotEmpty. If the answers do not make a valid folder, Init returns a fault.List and
// leaves nothing behind but the folder itself. Only the owner and their group may read the folder,
// since it contains people's names and addresses.
func Init(ctx context.Context, dir string, answers Answers) (err error) {
	entries, err := os.ReadDir(dir)
	isNew := errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil && len(entries) > 0:
		return fmt.Errorf("writing a desk folder to %s: %w", dir, ErrNotEmpty)
	case err != nil && !isNew:
		return fmt.Errorf("writing a desk folder: %w", err)
	}
	files, err := newFiles(answers.withDefaults())
	if err != nil {
		return fmt.Errorf("writing a desk folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("writing a desk folder: %w", err)
	}
	defer func() {
		if err != nil { // it was new or empty, so everything in it is ours
			for name := range files {
				top, _, _ := strings.Cut(name, "/")
				err = errors.Join(err, os.RemoveAll(filepath.Join(dir, top)))
			}
			if isNew {
				err = errors.Join(err, os.Remove(dir))
			}
		}
	}()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return fmt.Errorf("writing a desk folder: %w", err)
		}
		if err := os.WriteFile(file, content, 0o640); err != nil {
			return fmt.Errorf("writing a desk folder: %w", err)
		}
	}
	if _, err := Load(ctx, dir); err != nil {
		return fmt.Errorf("these answers make no desk folder: %w", err)
	}
	return nil
}

// newFiles returns the contents of the files of a new folder by name.
func newFiles(a Answers) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(skeleton, "skeleton", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := skeleton.ReadFile(name)
		if err != nil {
			return err
		}
		name = strings.TrimPrefix(name, "skeleton/")
		if path.Ext(name) != ".md" { // the mails are templates themselves
			if content, err = fill(name, string(content), a); err != nil {
				return err
			}
		}
		files[name] = content
		return nil
	})
	if err != nil {
		return nil, err
	}
	for name, schema := range Schemas() {
		files["schema/"+name] = schema
	}
	return files, nil
}

func fill(name, text string, a Answers) ([]byte, error) {
	t, err := template.New(name).Funcs(template.FuncMap{"q": quoted, "mails": builtinNames}).Parse(text)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, a); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// plainScalar matches what needs no quotes in YAML in any context.
var plainScalar = regexp.MustCompile(`^[A-Za-z/][A-Za-z0-9 ._/+@-]*[A-Za-z0-9._/-]$|^[a-z+]+://[A-Za-z0-9._:/-]*[A-Za-z0-9/]$`)

// quoted returns a value in a form that YAML reads as that text.
func quoted(s string) (string, error) {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off":
	default:
		if plainScalar.MatchString(s) {
			return s, nil
		}
	}
	b, err := json.Marshal(s) // JSON is YAML
	return string(b), err
}
