package bot

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
)

// Files of JSON lines, which a crash can only cut short at the end.

// eachJSON reads a file of JSON lines. A line that a crash cut short is passed
// over, as is a file that is not there.
func eachJSON[T any](name string, do func(T)) error {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, mostResponse)
	for lines.Scan() {
		var v T
		if json.Unmarshal(lines.Bytes(), &v) == nil {
			do(v)
		}
	}
	return lines.Err()
}

// appendJSON adds a line to a file that nobody else may read.
func appendJSON(name string, v any) error {
	if name == "" {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(b, '\n'))
	return errors.Join(err, file.Close())
}
