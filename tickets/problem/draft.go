package problem

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"tierdesk/tickets"
)

// drafts is the one folder of the desk folder into which the desk writes. What lies there is no
// article until somebody moves it one folder up.
const drafts = "kb/drafts"

// offer writes a published text as the draft of an article into the desk folder, whole or not at
// all, and returns its name below that folder. The same publication writes the same file again.
func offer(dir string, pub publication, p tickets.Problem) (name string, err error) {
	if dir == "" {
		return "", errors.New("there is no desk folder")
	}
	in := filepath.Join(dir, filepath.FromSlash(drafts))
	if err := os.MkdirAll(in, 0o755); err != nil {
		return "", plain(err)
	}
	root, err := os.OpenRoot(in) // a link in it leads nowhere else
	if err != nil {
		return "", plain(err)
	}
	defer root.Close()
	file := fmt.Sprintf("problem-%d-%d.md", p.ID, pub.ID)
	half := "." + file + ".half"
	if err := root.Remove(half); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", plain(err)
	}
	f, err := root.OpenFile(half, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", plain(err)
	}
	_, err = f.WriteString(article(pub, p))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(half, file)
	}
	return path.Join(drafts, file), plain(err)
}

// article is the draft: the title in quotes, whatever signs it has, and the text.
func article(pub publication, p tickets.Problem) string {
	return "---\ntitle: " + strconv.QuoteToGraphic(p.Title) + "\npublic: false\n---\n" + pub.Content + "\n"
}

// plain is an error without the path of the machine.
func plain(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
