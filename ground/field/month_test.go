package field

import "testing"

// TestEndMonth: a period is the month that it ends with, however an office writes it; what is no period is none.
func TestEndMonth(t *testing.T) {
	for month, all := range map[string][]string{
		"2023-01": {"2023-01", "2023年1月", "2023年01月"},
		"2023-03": {"2023-Q1", "2023年一季度", "2023年1季度"},
		"2023-06": {"2023-Q2", "2023-S1", "2023-H1", "2023年上半年", "2023年第二季度", "2023年1-6月"},
		"2023-09": {"2023-09", "2023-Q3", "2023年前三季度", "2023年三季度", "2023年1—9月"},
		"2023-11": {"2023年11月", "2023年1-11月", "2023年1至11月"},
		"2023-12": {"2023", "2023年", "2023年全年", "2023-Q4", "2023-S2", "2023年下半年"},
		"":        {"", "202", "2023-13", "2023-9", "2023-Q5", "2023-09-01", "2023-S3", "2023年13月", "2023年月", "2023年前两季度", "三季度", "2023年1-9", "2023年2-9月", "2023月", "年年年年", "２０２３"},
	} {
		for _, period := range all {
			if got, ok := EndMonth(period); ok != (month != "") || ok && got != month {
				t.Errorf("%q ends with %q, %v, want %q", period, got, ok, month)
			}
		}
	}
}
