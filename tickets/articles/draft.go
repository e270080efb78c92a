package articles

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Drafts is the only folder of the desk folder that the desk writes to. A file there is not an
// article until somebody moves it one folder up.
const Drafts = "kb/drafts"

// WriteDraft atomically writes a file to the drafts folder of a desk folder, replacing any with the
// same name, and returns its name relative to the desk folder. The error contains no path of the
// machine.
func WriteDraft(dir, file, content string) (name string, err error) {
	if dir == "" {
		return "", errors.New("there is no desk folder")
	}
	in := filepath.Join(dir, filepath.FromSlash(Drafts))
	if err := os.MkdirAll(in, 0o755); err != nil {
		return "", bare(err)
	}
	root, err := os.OpenRoot(in) // a symbolic link cannot lead outside
	if err != nil {
		return "", bare(err)
	}
	defer root.Close()
	half := "." + file + ".half"
	if err := root.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", bare(err)
	}
	f, err := root.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", bare(err)
	}
	_, err = f.WriteString(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(half, file)
	}
	return path.Join(Drafts, file), bare(err)
}

// bare returns an error without paths of the machine.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
