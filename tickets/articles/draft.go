package articles

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Drafts is the one folder of the desk folder into which the desk writes. What lies there is no
// article until somebody moves it one folder up.
const Drafts = "kb/drafts"

// WriteDraft writes a file into the folder of drafts of a desk folder, whole or not at all, and
// returns its name below the desk folder. One of the same name is replaced. The error names no path
// of the machine.
func WriteDraft(dir, file, content string) (name string, err error) {
	if dir == "" {
		return "", errors.New("there is no desk folder")
	}
	in := filepath.Join(dir, filepath.FromSlash(Drafts))
	if err := os.MkdirAll(in, 0o755); err != nil {
		return "", bare(err)
	}
	root, err := os.OpenRoot(in) // a link in it leads nowhere else
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

// bare is an error without the path of the machine.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
