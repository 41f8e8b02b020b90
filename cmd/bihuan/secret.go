package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
)

// blindKeyBytes is the length of the key of blind indexes.
const blindKeyBytes = 32

// blindKey returns the key of blind indexes, which stands in a file beside the database and is made when it is missing: a
// copy of the database alone does not tell whose numbers are in it. Without the file the same caller is not found again;
// nothing else is lost.
func blindKey(path string, chance func([]byte)) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newBlindKey(path, chance)
	}
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != blindKeyBytes {
		return nil, fmt.Errorf("%s is no key of blind indexes: %d hexadecimal digits are expected", path, 2*blindKeyBytes)
	}
	return key, nil
}

func newBlindKey(path string, chance func([]byte)) ([]byte, error) {
	key := make([]byte, blindKeyBytes)
	chance(key)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err == nil {
		err = f.Sync()
	}
	return key, errors.Join(err, f.Close())
}
