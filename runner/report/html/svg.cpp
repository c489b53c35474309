#include "runner/report/html/svg.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "runner/report/html/markup.hpp"
#include "runner/report/printable.hpp"

namespace joust::report::html {

std::string coordinate(double value) {
  const double tenths = std::round(value * 10);
  if (!(std::fabs(tenths) < 1e7)) return "0";
  const auto whole = static_cast<long>(tenths);
  if (whole % 10 == 0) return std::to_string(whole / 10);
  return fmt::format("{}{}.{}", whole < 0 ? "-" : "", std::labs(whole) / 10, std::labs(whole) % 10);
}

double text_width(std::string_view printable_text) {
  constexpr double kColumn = 7.4;  // of the 13 unit letters, on average
  return kColumn * static_cast<double>(display_width(printable_text));
}

Svg::Svg(std::string_view id, Width width, double height, std::string_view title,
         std::string_view description) {
  const bool wide = width == Width::wide;
  const std::string name = fmt::format("{}-{}", id, wide ? 'w' : 'n');
  out_ = fmt::format(
      "<svg class=\"{0}\" viewBox=\"0 0 {1} {2}\" role=\"img\" aria-labelledby=\"{3}-t\" "
      "aria-describedby=\"{3}-d\"><title id=\"{3}-t\">{4}</title><desc id=\"{3}-d\">{5}</desc>\n",
      wide ? "wide" : "narrow", coordinate(canvas_width(width)), coordinate(height), name,
      escape(title), escape(description));
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view css) {
  path(fmt::format("M{} {}L{} {}", coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2)),
       css);
}

void Svg::rect(double x, double y, double width, double height, std::string_view css) {
  fmt::format_to(std::back_inserter(out_),
                 "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"/>", coordinate(x),
                 coordinate(y), coordinate(width), coordinate(height), css);
}

void Svg::rect(double x, double y, double width, double height, std::string_view css,
               std::string_view tooltip) {
  rect(x, y, width, height, css);
  out_.resize(out_.size() - 2);  // "/>"
  out_.append("><title>").append(escape(tooltip)).append("</title></rect>");
}

void Svg::circle(double x, double y, double radius, std::string_view css) {
  fmt::format_to(std::back_inserter(out_), "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"/>",
                 coordinate(x), coordinate(y), coordinate(radius), css);
}

void Svg::text(double x, double y, std::string_view content, std::string_view css, Anchor anchor) {
  std::string classes(css);
  if (anchor == Anchor::middle) classes += classes.empty() ? "mid" : " mid";
  if (anchor == Anchor::end) classes += classes.empty() ? "end" : " end";
  fmt::format_to(std::back_inserter(out_), "<text x=\"{}\" y=\"{}\"{}>{}</text>", coordinate(x),
                 coordinate(y), classes.empty() ? "" : fmt::format(" class=\"{}\"", classes),
                 escape(content));
}

void Svg::path(std::string_view data, std::string_view css) {
  if (data.empty()) return;
  out_.append("<path class=\"").append(css).append("\" d=\"").append(data).append("\"/>\n");
}

void Svg::path(std::string_view data, std::string_view css, std::string_view tooltip) {
  const std::string classes = css.empty() ? "" : fmt::format("class=\"{}\" ", css);
  fmt::format_to(std::back_inserter(out_), "<path {}d=\"{}\"><title>{}</title></path>\n", classes,
                 data, escape(tooltip));
}

void Svg::open_group(std::string_view css) { out_.append("<g class=\"").append(css).append("\">"); }

void Svg::open_group(std::string_view css, double stroke_width) {
  out_.append(fmt::format("<g class=\"{}\" stroke-width=\"{}\">", css, coordinate(stroke_width)));
}

std::string Svg::finish() { return out_ + "</svg>"; }

}  // namespace joust::report::html
