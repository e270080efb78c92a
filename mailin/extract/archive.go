package extract

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"io"

	"github.com/klauspost/compress/zstd"
)

// zip extracts from a zip archive; office documents are zip archives too.
func (x *Extractor) zip(where string, data []byte, depth int) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		x.close(where, "it is damaged or encrypted")
		x.binary(where, bytes.NewReader(data), false)
		return
	}
	if r.Comment != "" {
		x.emit(Text{Where: where, Text: r.Comment, depth: depth})
	}
	for _, f := range r.File {
		inside := within(where, f.Name)
		if !x.enter(inside, f.Name+"\n"+f.Comment, depth+1) {
			return
		}
		if f.FileInfo().IsDir() {
			continue
		}
		content, err := f.Open()
		if err != nil || f.Flags&1 != 0 {
			x.close(inside, "it is packed in a form that cannot be opened, or encrypted")
			continue
		}
		x.packed(inside, f.Name, content, depth+1)
		content.Close()
		if x.left < 0 {
			return
		}
	}
}

// packed extracts from a file that is unpacked as it is read.
func (x *Extractor) packed(where, name string, r io.Reader, depth int) {
	limited := &counting{r: r, x: x}
	in := bufio.NewReaderSize(limited, 4<<10)
	head, _ := in.Peek(4 << 10)
	switch k := kindOf(head); {
	case k == kindGzip || k == kindBzip2 || k == kindZstd || k == kindTar:
		if depth < x.lim.MaxDepth {
			x.stream(where, name, in, k, depth)
			return
		}
		x.close(where, "files are packed in one another too deep")
	case k == kindText && validUTF8(head) && looksLikeMarkup(head) && !looksLikeMail(head):
		x.markup(where, in, !looksLikeHTML(head), depth)
	default:
		x.whole(where, name, in, depth)
	}
	if limited.spent {
		x.close(where, "it is too long")
	}
}

// whole reads a packed file into memory and extracts from it as from any other file. A file that is
// too long for that is only searched for words.
func (x *Extractor) whole(where, name string, in io.Reader, depth int) {
	data, err := io.ReadAll(io.LimitReader(in, x.lim.MaxInside+1))
	if err != nil {
		x.close(where, "it is damaged or encrypted")
	}
	if int64(len(data)) > x.lim.MaxInside {
		if k := kindOf(data); k != kindBinary && k != kindText {
			x.close(where, "it is too long")
		}
		x.binary(where, io.MultiReader(bytes.NewReader(data), in), wordy(name))
		return
	}
	x.left += int64(len(data)) // file counts them itself, so undo the count
	x.files--
	x.file(where, name, data, depth)
}

// counting deducts what is read from the octets that may still be read, and ends when they are used
// up.
type counting struct {
	r     io.Reader
	x     *Extractor
	spent bool
}

func (c *counting) Read(p []byte) (int, error) {
	if c.x.left <= 0 {
		c.spent = true
		return 0, io.EOF
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.x.left)])
	c.x.left -= int64(n)
	return n, err
}

// stream extracts from a file compressed as one stream, and from a tar archive in one.
func (x *Extractor) stream(where, name string, r io.Reader, k kind, depth int) {
	switch k {
	case kindTar:
		x.tar(where, r, depth)
		return
	case kindGzip:
		z, err := gzip.NewReader(r)
		if err != nil {
			x.close(where, "it is damaged")
			return
		}
		name, r = z.Name, z
	case kindBzip2:
		r = bzip2.NewReader(r)
	case kindZstd:
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(8<<20))
		if err != nil {
			x.close(where, "it is damaged")
			return
		}
		defer z.Close()
		r = z
	}
	if x.enter(where, name, depth+1) {
		x.packed(where, name, r, depth+1)
	}
}

func (x *Extractor) tar(where string, r io.Reader, depth int) {
	files := tar.NewReader(r)
	for {
		h, err := files.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			x.close(where, "it is damaged")
			return
		}
		inside := within(where, h.Name)
		if !x.enter(inside, h.Name+"\n"+h.Linkname+"\n"+h.Uname, depth+1) {
			return
		}
		x.packed(inside, h.Name, files, depth+1)
		if x.left < 0 {
			return
		}
	}
}
