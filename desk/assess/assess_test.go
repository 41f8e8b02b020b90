package assess_test

import (
	"errors"

	"bihuan/desk/assess"
	"bihuan/ground/fault"
	"bihuan/kernel/indicator"
)

func code(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// indicatorLine is another line of the sheet.
func indicatorLine(u assess.Unit, not string) string {
	for _, l := range u.Score.Lines {
		if l.Key != not {
			return l.Key
		}
	}
	return string(indicator.Completion)
}
