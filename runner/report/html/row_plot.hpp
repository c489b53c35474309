#pragma once
// A plot with one row for each competitor and a horizontal axis: names to the left of the rows in a
// wide drawing, above them in a narrow one.

#include <string>
#include <string_view>
#include <vector>

#include "runner/report/html/scale.hpp"
#include "runner/report/html/svg.hpp"

namespace joust::report::html {

struct RowPlotText {
  std::string id;
  std::string title;
  std::string description;
  std::string axis;                 // below the axis
  std::vector<std::string> labels;  // printable, one for each row
  std::vector<std::string> values;  // to the right of the rows; empty: none
};

struct RowPlotAxis {
  double low = 0;
  double high = 1;
  std::vector<Tick> ticks;
};

// Ticks for the width; the axis as given.
RowPlotAxis number_axis(double low, double high, Width width);

class RowPlot {
 public:
  RowPlot(const RowPlotText& text, const RowPlotAxis& axis, Width width, double row_height);

  Svg& svg() { return svg_; }
  const Scale& x() const { return x_; }
  double middle(std::size_t row) const;  // of the row's band
  double band() const { return band_; }  // height that the row's marks may take

 private:
  void draw_axis(const RowPlotText& text, const RowPlotAxis& axis);

  bool wide_;
  double label_width_;
  double value_width_;
  double row_height_;  // with the label, where that is above
  double band_;
  double bottom_;
  Svg svg_;
  Scale x_;
};

}  // namespace joust::report::html
