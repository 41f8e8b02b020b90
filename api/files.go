package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// upload is a file as it came: the part's name, and the file.
type upload struct {
	part string
	journal.File
}

// form reads a body that is JSON, or multipart/form-data with the JSON as its part "request" and files beside it.
func (q *request) form(into any) (files []upload, err error) {
	media, params, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, q.decode(into)
	}
	r := multipart.NewReader(http.MaxBytesReader(q.w, q.Request.Body, maxUpload), params["boundary"])
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return files, q.arrived()
		} else if err != nil {
			return nil, brokenForm(err)
		}
		if p.FormName() == "request" {
			if err := jsonPart(p, into); err != nil {
				return nil, err
			}
			continue
		}
		if len(files) == maxFiles {
			return nil, fail(http.StatusUnprocessableEntity, "too-many", "", "limit", strconv.Itoa(maxFiles))
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, brokenForm(err)
		}
		f, err := desk.Upload("", p.FileName(), textMedia, b)
		if err != nil {
			return nil, below(err, p.FormName())
		}
		files = append(files, upload{p.FormName(), f})
	}
}

// textMedia is what text is called that comes in; what a file is otherwise, its bytes say.
const textMedia = "text/plain; charset=utf-8"

// below says of which part of a form a refusal is.
func below(err error, part string) error {
	r, ok := errors.AsType[*fault.Refusal](err)
	if !ok {
		return err
	}
	status := http.StatusUnprocessableEntity
	if r.Code == "upload-too-large" {
		status = http.StatusRequestEntityTooLarge
	}
	return fail(status, r.Code, "", "parameter", part, "file", r.With["file"], "limit", r.With["limit"])
}

// brokenForm keeps what the limit says; anything else is a body that is no form.
func brokenForm(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return fail(http.StatusBadRequest, "form-broken", "")
}

func jsonPart(p *multipart.Part, into any) error {
	b, err := io.ReadAll(io.LimitReader(p, maxJSON+1))
	switch {
	case err != nil:
		return brokenForm(err)
	case len(b) > maxJSON:
		return &http.MaxBytesError{Limit: maxJSON}
	}
	return strict(b, into)
}

func hashOf(b []byte) (h ledger.Hash) {
	sum := ledger.SM3.New()
	sum.Write(b)
	sum.Sum(h[:0])
	return h
}

// evidenceRequest is one piece of evidence as it is sent.
type evidenceRequest struct {
	Kind string `json:"kind" enum:"photo document statement"`
	Text string `json:"text,omitempty" doc:"of a statement"`
	Name string `json:"name,omitempty" doc:"of the file in data"`
	File string `json:"file,omitempty" doc:"the name of a part of the form, or the SM3 of a file that the matter has already"`
	Data string `json:"data,omitempty" doc:"the file itself in Base64; larger files are sent as parts of a form" format:"base64"`
}

// attach puts the files of a request to where they belong: what evidence names, what is evidence by the name of its
// part, and what is the value of a file field. A part that nobody asked for is refused.
func (do *form) attach(evidence []evidenceRequest, files []upload, target desk.ActTarget) error {
	used := map[string]bool{}
	for i, e := range evidence {
		ev, err := do.piece(e, files, target, used)
		if err != nil {
			return at(err, "/evidence/"+strconv.Itoa(i))
		}
		do.Evidence = append(do.Evidence, ev)
	}
	for _, f := range files {
		do.Files = append(do.Files, f.File)
		switch asked := field.Find(target.Kind.Fields, f.part); {
		case used[f.part]:
		case isEvidence(f.part):
			do.Evidence = append(do.Evidence, matter.Evidence{Kind: matter.EvidenceKind(f.part), File: f.Hash.String(), Name: f.Name})
		case asked != nil && asked.Kind == field.File:
			do.With[f.part] = f.Hash.String()
		default:
			return fail(http.StatusUnprocessableEntity, "part-unknown", "", "part", f.part, "parameter", f.part)
		}
	}
	return nil
}

func isEvidence(part string) bool {
	return part == string(matter.Photo) || part == string(matter.Document)
}

// piece reads one piece of evidence: words, a file in Base64, a part of the form, or a file that is there already.
func (do *form) piece(e evidenceRequest, files []upload, target desk.ActTarget, used map[string]bool) (matter.Evidence, error) {
	ev := matter.Evidence{Kind: matter.EvidenceKind(e.Kind), Text: e.Text}
	if e.Data != "" {
		b, err := base64.StdEncoding.DecodeString(e.Data)
		if err != nil || len(b) == 0 {
			return ev, fail(http.StatusUnprocessableEntity, "not-base64", "/data")
		}
		f, err := desk.Upload("/data", e.Name, textMedia, b)
		if err != nil {
			return ev, err
		}
		do.Files = append(do.Files, f)
		ev.File, ev.Name = f.Hash.String(), f.Name
		return ev, nil
	}
	if e.File == "" {
		return ev, nil
	}
	for _, f := range files {
		if f.part == e.File {
			used[f.part] = true
			ev.File, ev.Name = f.Hash.String(), f.Name
			return ev, nil
		}
	}
	if called, ok := target.Files[e.File]; ok {
		ev.File, ev.Name = e.File, called
		return ev, nil
	}
	return ev, fail(http.StatusUnprocessableEntity, "not-file", "/file")
}

// at puts the place of a failure below another.
func at(err error, pointer string) error {
	if f, ok := errors.AsType[*failure](err); ok {
		f.Refusal = fault.Refuse(f.Kind, f.Code, pointer+f.Field)
	} else if r, ok := errors.AsType[*fault.Refusal](err); ok {
		moved := *r
		moved.Field = pointer + r.Field
		return &moved
	}
	return err
}

// reportMedia are the media as which a report's file is sent as the body itself. What it is is told by its bytes.
var reportMedia = []string{"text/plain", "text/markdown", "text/html", "application/octet-stream", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}

// reportFile reads a report's file: the body itself, or the part "file" of a form with title and year beside it.
func (q *request) reportFile(in *reportRequest) (io.Reader, error) {
	body := http.MaxBytesReader(q.w, q.Request.Body, maxUpload)
	media, params, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err == nil && media == "application/x-www-form-urlencoded" {
		return urlForm(body, in)
	}
	if err != nil || media != "multipart/form-data" && !slices.Contains(reportMedia, media) {
		return nil, fail(http.StatusUnsupportedMediaType, "media-unsupported", "", "takes", "application/json, multipart/form-data, "+strings.Join(reportMedia, ", "), "parameter", "Content-Type")
	}
	if media != "multipart/form-data" {
		if _, disposition, err := mime.ParseMediaType(q.Header.Get("Content-Disposition")); err == nil && in.Name == "" {
			in.Name = disposition["filename"]
		}
		return body, nil
	}
	return partsOf(multipart.NewReader(body, params["boundary"]), in)
}

// partsOf reads the parts of a form with a report: the file or its text, and what is said of it.
func partsOf(r *multipart.Reader, in *reportRequest) (io.Reader, error) {
	var file []byte
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		} else if err != nil {
			return nil, brokenForm(err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return nil, brokenForm(err)
		}
		switch p.FormName() {
		case "file":
			file, in.Name = b, p.FileName()
		case "text":
			in.Text = string(b)
		case "title":
			in.Title = string(b)
		case "name":
			in.Name = string(b)
		case "year":
			if in.Year, err = strconv.Atoi(strings.TrimSpace(string(b))); err != nil {
				return nil, fault.Refuse(fault.ErrInvalid, "not-year", "year")
			}
		default:
			return nil, fail(http.StatusUnprocessableEntity, "part-unknown", "", "part", p.FormName(), "parameter", p.FormName())
		}
	}
	if file == nil {
		file = []byte(in.Text)
	}
	return bytes.NewReader(file), nil
}

// urlForm reads what curl sends unless it is told otherwise: a form with the report as its field text, or else the
// report itself.
func urlForm(body io.Reader, in *reportRequest) (io.Reader, error) {
	b, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if v, err := url.ParseQuery(string(b)); err == nil && v.Get("text") != "" {
		if in.Title == "" {
			in.Title = v.Get("title")
		}
		return strings.NewReader(v.Get("text")), nil
	}
	return bytes.NewReader(b), nil
}
