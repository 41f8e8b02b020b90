package geo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"bihuan/ground/fault"
)

// Limits of what is read.
const (
	MaxFile        = 64 << 20  // bytes of a collection
	MaxFeatures    = 50_000    // of a collection
	MaxShapePoints = 5_000     // of one shape
	MaxAllPoints   = 1_500_000 // of a collection
	MaxFaults      = 100       // that are listed; reading stops there
	maxProperties  = 100
	maxProperty    = 2_000 // bytes of a property's text
)

// Feature is one thing of a GeoJSON collection: either a shape or a point.
type Feature struct {
	Number     int    // its place in the collection, from 1
	ID         string // as text; empty if it has none
	Properties map[string]string
	Shape      Shape
	Point      Point    // where Shape is empty
	Notices    []string // what was put right, see [NoticeClosed]
}

// ReadShape reads a Polygon or MultiPolygon, alone or in a Feature, as GeoJSON writes them (RFC 7946), from a datum. It
// returns what was put right, and a refusal with a code and the place for what is none; see [ReadFeatures].
func ReadShape(b []byte, from Datum) (Shape, []string, error) {
	if len(b) > MaxFile {
		return nil, nil, fault.Refuse(fault.ErrInvalid, "shape-too-large", "", "limit", strconv.Itoa(MaxFile>>20))
	}
	var in struct {
		object
		Geometry *object `json:"geometry"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, nil, notJSON(err)
	}
	g := &in.object
	if g.Type == "Feature" && in.Geometry != nil {
		g = in.Geometry
	}
	var f Feature
	if bad := g.read(&f, from); bad != nil {
		return nil, nil, bad
	}
	if len(f.Shape) == 0 {
		return nil, nil, fault.Refuse(fault.ErrInvalid, "shape-not-polygon", "", "type", "Point")
	}
	return f.Shape, f.Notices, nil
}

// object is any GeoJSON object, as far as it is read.
type object struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	CRS         json.RawMessage `json:"crs"`
}

// ReadFeatures reads a FeatureCollection (or one Feature) of points, polygons and multipolygons, from a datum, in order.
// Properties that are text, numbers or yes-no come as text (yes-no as yes and no); others are left out.
//
// Faults are refusals that say the feature by its number in With["feature"], and the place, if there is one, in
// With["at"]; at most [MaxFaults]. Where there is any, no features are returned: nothing is half read. A member crs (of
// the old GeoJSON of 2008) that names anything but WGS-84 or CGCS2000 in degrees is refused.
func ReadFeatures(b []byte, from Datum) (all []Feature, faults []*fault.Refusal) {
	list, bad := collection(b)
	if bad != nil {
		return nil, []*fault.Refusal{bad}
	}
	points := 0
	for i, raw := range list {
		f, bad := readFeature(raw, from)
		if bad == nil {
			if points += f.Shape.Points(); points > MaxAllPoints {
				bad = fault.Refuse(fault.ErrInvalid, "shape-too-many-points", "", "limit", strconv.Itoa(MaxAllPoints))
			}
		}
		if bad != nil {
			if bad.With == nil {
				bad.With = map[string]string{}
			}
			bad.With["feature"] = strconv.Itoa(i + 1)
			if faults = append(faults, bad); len(faults) == MaxFaults || points > MaxAllPoints {
				break
			}
			continue
		}
		f.Number = i + 1
		all = append(all, f)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return all, nil
}

// collection returns the features of a file, unread.
func collection(b []byte) ([]json.RawMessage, *fault.Refusal) {
	if len(b) > MaxFile {
		return nil, fault.Refuse(fault.ErrInvalid, "shape-too-large", "", "limit", strconv.Itoa(MaxFile>>20))
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	var in struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
		CRS      json.RawMessage   `json:"crs"`
	}
	if err := json.Unmarshal(b, &in); err != nil {
		return nil, notJSON(err)
	}
	if bad := checkCRS(in.CRS); bad != nil {
		return nil, bad
	}
	switch {
	case in.Type == "Feature":
		return []json.RawMessage{b}, nil
	case in.Type != "FeatureCollection":
		return nil, fault.Refuse(fault.ErrInvalid, "shape-not-collection", "", "type", clip(in.Type))
	case len(in.Features) > MaxFeatures:
		return nil, fault.Refuse(fault.ErrInvalid, "shape-too-many", "", "limit", strconv.Itoa(MaxFeatures))
	case len(in.Features) == 0:
		return nil, fault.Refuse(fault.ErrInvalid, "shape-none", "")
	}
	return in.Features, nil
}

func readFeature(raw json.RawMessage, from Datum) (f Feature, bad *fault.Refusal) {
	var in struct {
		Type       string                     `json:"type"`
		ID         json.RawMessage            `json:"id"`
		Properties map[string]json.RawMessage `json:"properties"`
		Geometry   *object                    `json:"geometry"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return f, notJSON(err)
	}
	if in.Type != "Feature" || in.Geometry == nil {
		return f, fault.Refuse(fault.ErrInvalid, "shape-no-geometry", "", "type", clip(in.Type))
	}
	if len(in.Properties) > maxProperties {
		return f, fault.Refuse(fault.ErrInvalid, "shape-too-many-properties", "", "limit", strconv.Itoa(maxProperties))
	}
	f.ID = text(in.ID)
	f.Properties = map[string]string{}
	for key, v := range in.Properties {
		if t := text(v); t != "" {
			f.Properties[key] = t
		}
	}
	return f, in.Geometry.read(&f, from)
}

// text returns a JSON text, number or truth as text, and nothing for what is neither or too long.
func text(raw json.RawMessage) string {
	s := string(bytes.TrimSpace(raw))
	switch {
	case s == "" || s == "null" || s[0] == '{' || s[0] == '[' || len(s) > maxProperty:
		return ""
	case s == "true":
		return "yes"
	case s == "false":
		return "no"
	case s[0] == '"':
		var v string
		if json.Unmarshal(raw, &v) != nil {
			return ""
		}
		return strings.TrimSpace(v)
	}
	return s
}

// read puts the geometry into a feature.
func (g *object) read(f *Feature, from Datum) *fault.Refusal {
	if bad := checkCRS(g.CRS); bad != nil {
		return bad
	}
	var parts [][][]json.RawMessage
	switch g.Type {
	case "Point":
		p, bad := position(g.Coordinates, from)
		f.Point = p.Round()
		return bad
	case "Polygon":
		parts = make([][][]json.RawMessage, 1)
		if err := json.Unmarshal(g.Coordinates, &parts[0]); err != nil {
			return notJSON(err)
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &parts); err != nil {
			return notJSON(err)
		}
	default:
		return fault.Refuse(fault.ErrInvalid, "shape-not-polygon", "", "type", clip(g.Type))
	}
	s, bad := rings(parts, from)
	if bad != nil {
		return bad
	}
	f.Shape, f.Notices, bad = sound(s)
	return bad
}

// rings reads the positions of a shape.
func rings(parts [][][]json.RawMessage, from Datum) (s Shape, bad *fault.Refusal) {
	points := 0
	for _, part := range parts {
		var p Polygon
		for _, line := range part {
			if points += len(line); points > MaxShapePoints {
				return nil, fault.Refuse(fault.ErrInvalid, "shape-too-many-points", "", "limit", strconv.Itoa(MaxShapePoints))
			}
			r := make(Ring, len(line))
			for i, raw := range line {
				if r[i], bad = position(raw, from); bad != nil {
					return nil, bad
				}
			}
			p = append(p, r)
		}
		if len(p) == 0 {
			return nil, fault.Refuse(fault.ErrInvalid, "shape-empty", "")
		}
		s = append(s, p)
	}
	if len(s) == 0 {
		return nil, fault.Refuse(fault.ErrInvalid, "shape-empty", "")
	}
	return s, nil
}

// position reads [longitude, latitude]; a height behind them is left out.
func position(raw json.RawMessage, from Datum) (Point, *fault.Refusal) {
	var v []float64
	if err := json.Unmarshal(raw, &v); err != nil || len(v) < 2 || len(v) > 4 {
		return Point{}, fault.Refuse(fault.ErrInvalid, "shape-not-position", "", "value", clip(string(raw)))
	}
	p := Point{v[0], v[1]}
	switch {
	case p.IsValid():
		return from.Point(p.Lng, p.Lat), nil
	case Point{p.Lat, p.Lng}.IsValid():
		return Point{}, fault.Refuse(fault.ErrInvalid, "shape-swapped", "", "value", clip(string(raw)))
	}
	return Point{}, fault.Refuse(fault.ErrInvalid, "shape-out-of-range", "", "value", clip(string(raw)))
}

// degreesCRS are the names by which the old GeoJSON calls degrees in WGS-84 or CGCS2000, longitude first.
var degreesCRS = []string{"CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490"}

// checkCRS refuses projected coordinates, and datums other than ours.
func checkCRS(raw json.RawMessage) *fault.Refusal {
	s := string(raw)
	if s == "" || s == "null" {
		return nil
	}
	var in struct {
		Properties struct{ Name string }
	}
	if json.Unmarshal(raw, &in) == nil {
		for _, name := range degreesCRS {
			if strings.HasSuffix(in.Properties.Name, name) {
				return nil
			}
		}
	}
	return fault.Refuse(fault.ErrInvalid, "shape-crs-other", "", "value", clip(s))
}

// notJSON says where a file stops being GeoJSON, as far as the reader knows.
func notJSON(err error) *fault.Refusal {
	with := []string{}
	switch e := err.(type) {
	case *json.SyntaxError:
		with = append(with, "offset", fmt.Sprint(e.Offset))
	case *json.UnmarshalTypeError:
		with = append(with, "offset", fmt.Sprint(e.Offset), "value", e.Field)
	}
	return fault.Refuse(fault.ErrInvalid, "shape-not-geojson", "", with...)
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
