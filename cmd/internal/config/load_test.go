package config

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tierdesk/rules/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		must(t, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale; look, then go test -update:\n%s", file, diff)
	}
}

// copyDir copies a folder over another. A file NAME.absent takes NAME away.
func copyDir(t *testing.T, to, from string) {
	t.Helper()
	must(t, filepath.WalkDir(from, func(file string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "want.txt" {
			return err
		}
		name, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		if gone, ok := strings.CutSuffix(name, ".absent"); ok {
			return os.Remove(filepath.Join(to, gone))
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		write(t, filepath.Join(to, name), string(content))
		return nil
	}))
}

// Each folder of testdata/faults holds what differs from testdata/base, and the faults that must be told, all of them.
func TestFaults(t *testing.T) {
	cases, err := filepath.Glob("testdata/faults/*")
	must(t, err)
	if len(cases) < 40 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(filepath.Base(c), func(t *testing.T) {
			dir := t.TempDir()
			copyDir(t, dir, "testdata/base")
			copyDir(t, dir, c)
			_, err := Load(t.Context(), dir)
			var list fault.List
			if !errors.As(err, &list) {
				t.Fatalf("the error is %T: %v", err, err)
			}
			for _, f := range list {
				if f.File == "" {
					t.Errorf("no file: %v", f)
				}
			}
			golden(t, filepath.Join(c, "want.txt"), list.Error()+"\n")
		})
	}
}
