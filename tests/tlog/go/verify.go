// Verify a whole transparency log with software that the tracker's authors did not write: golang.org/x/mod opens the
// signed note and hashes the tree. It reads a folder with the files of a log.
//
//	verify FOLDER VKEY
//
// Hash tiles are compared with the tree made from the entries and never trusted: the tile reader of x/mod 0.7.0
// accepts forged ones, and is not used here.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

type store []tlog.Hash

// ReadHashes hands out what was computed from the entries.
func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not there", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify FOLDER VKEY")
		os.Exit(2)
	}
	size, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "WRONG:", err)
		os.Exit(1)
	}
	fmt.Println("verified:", size, "entries")
}

func verify(folder, vkey string) (int64, error) {
	origin, size, root, err := checkpoint(folder, vkey)
	if err != nil {
		return 0, err
	}
	hashes, err := rebuild(folder, size)
	if err != nil {
		return 0, err
	}
	made, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return 0, err
	}
	if size > 0 && made != root {
		return 0, fmt.Errorf("%s: the entries give the root %v, signed was %v", origin, made, root)
	}
	return size, compareTiles(folder, size, hashes)
}

// checkpoint opens the note; its three lines are parsed here, for tlog.ParseTree takes one origin only, Go's own.
func checkpoint(folder, vkey string) (origin string, size int64, root tlog.Hash, err error) {
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return "", 0, root, fmt.Errorf("the checkpoint is not three lines of %s", verifier.Name())
	}
	size, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return "", 0, root, fmt.Errorf("the size is not a plain number")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(raw) != tlog.HashSize {
		return "", 0, root, fmt.Errorf("the root is not 32 bytes in base64")
	}
	copy(root[:], raw)
	return lines[0], size, root, nil
}

// rebuild makes every hash of the tree from the entry bundles.
func rebuild(folder string, size int64) (store, error) {
	var hashes store
	for index := int64(0); index < size; {
		path := tilePath("entries", index/width, rest(size, index/width))
		data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		for last := index + rest(size, index/width); index < last; index++ {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s is cut off before entry %d", path, index)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			made, err := tlog.StoredHashes(index, data[2:end], hashes)
			if err != nil {
				return nil, err
			}
			hashes, data = append(hashes, made...), data[end:]
		}
		if len(data) > 0 {
			return nil, fmt.Errorf("%s goes on after its entries", path)
		}
	}
	return hashes, nil
}

// compareTiles reads every hash tile of the log and holds it against the tree.
func compareTiles(folder string, size int64, hashes store) error {
	for level, count := 0, size; count > 0; level, count = level+1, count/width {
		for n := int64(0); n*width < count; n++ {
			path := tilePath(strconv.Itoa(level), n, rest(count, n))
			data, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(path)))
			if err != nil {
				return err
			}
			if int64(len(data)) != rest(count, n)*tlog.HashSize {
				return fmt.Errorf("%s has %d bytes", path, len(data))
			}
			for i := int64(0); i < rest(count, n); i++ {
				right := hashes[tlog.StoredHashIndex(8*level, n*width+i)]
				if string(data[i*tlog.HashSize:(i+1)*tlog.HashSize]) != string(right[:]) {
					return fmt.Errorf("%s byte %d differs", path, i*tlog.HashSize)
				}
			}
		}
	}
	return nil
}

// rest is how many of 256 the tile n has in a row of this count.
func rest(count, n int64) int64 {
	if count-n*width < width {
		return count - n*width
	}
	return width
}

func tilePath(kind string, n, w int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	path = "tile/" + kind + "/" + path
	if w < width {
		path += fmt.Sprintf(".p/%d", w)
	}
	return path
}
