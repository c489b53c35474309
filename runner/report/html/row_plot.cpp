#include "runner/report/html/row_plot.hpp"

#include <algorithm>

#include "runner/report/html/markup.hpp"

namespace joust::report::html {
namespace {

constexpr double kTop = 8;
constexpr double kFoot = 44;       // ticks and the axis' name
constexpr double kLabelLine = 19;  // of a narrow drawing
constexpr std::size_t kLongestLabel = 30;
constexpr std::size_t kLongestNarrowLabel = 36;

double widest(const std::vector<std::string>& texts, std::size_t longest) {
  double width = 0;
  for (const std::string& text : texts)
    width = std::max(width, text_width(clip_middle(text, longest)));
  return width;
}

double height_of(const RowPlotText& text, double row_height, bool wide) {
  const double row = row_height + (wide ? 0 : kLabelLine);
  return kTop + static_cast<double>(text.labels.size()) * row + kFoot;
}

}  // namespace

RowPlotAxis number_axis(double low, double high, Width width) {
  return {low, high, number_ticks(low, high, width == Width::wide ? 8 : 4)};
}

RowPlot::RowPlot(const RowPlotText& text, const RowPlotAxis& axis, Width width, double row_height)
    : wide_(width == Width::wide),
      label_width_(wide_ ? widest(text.labels, kLongestLabel) + 14 : 12),
      value_width_(wide_ && !text.values.empty() ? widest(text.values, kLongestLabel) + 18 : 16),
      row_height_(row_height + (wide_ ? 0 : kLabelLine)),
      band_(row_height),
      bottom_(height_of(text, row_height, wide_) - kFoot),
      svg_(text.id, width, height_of(text, row_height, wide_), text.title, text.description),
      x_(Scale::linear(axis.low, axis.high, label_width_, canvas_width(width) - value_width_)) {
  draw_axis(text, axis);
}

double RowPlot::middle(std::size_t row) const {
  return kTop + static_cast<double>(row) * row_height_ + (wide_ ? 0 : kLabelLine) + band_ / 2;
}

void RowPlot::draw_axis(const RowPlotText& text, const RowPlotAxis& axis) {
  std::string grid;
  for (const Tick& tick : axis.ticks) {
    const std::string x = coordinate(x_(tick.value));
    grid += "M" + x + " " + coordinate(kTop) + "V" + coordinate(bottom_);
    svg_.text(x_(tick.value), bottom_ + 17, tick.label, "tick", Anchor::middle);
  }
  svg_.path(grid, "grid");
  svg_.line(x_.from(), bottom_, x_.to(), bottom_, "axis");
  svg_.text((x_.from() + x_.to()) / 2, bottom_ + 36, text.axis, "axis-name", Anchor::middle);
  for (std::size_t row = 0; row < text.labels.size(); ++row) {
    const double y = middle(row);
    if (wide_) {
      svg_.text(label_width_ - 12, y + 4.5, clip_middle(text.labels[row], kLongestLabel), "label",
                Anchor::end);
    } else {
      svg_.text(x_.from(), y - band_ / 2 - 4, clip_middle(text.labels[row], kLongestNarrowLabel),
                "label");
    }
    if (text.values.empty()) continue;
    const double right = x_.to() + (wide_ ? value_width_ - 2 : 0);
    svg_.text(right, wide_ ? y + 4.5 : y - band_ / 2 - 4, text.values[row], "value", Anchor::end);
  }
}

}  // namespace joust::report::html
