#pragma once
// A plot as inline SVG text. Colours and fonts are classes of the style sheet. Each plot is drawn
// twice, for wide and for narrow windows, so that its letters are large enough in both; the style
// sheet shows one of them.

#include <string>
#include <string_view>

namespace joust::report::html {

enum class Width { wide, narrow };

// Units of the drawing; the page scales them to the space that there is.
constexpr double canvas_width(Width width) { return width == Width::wide ? 900 : 400; }

enum class Anchor { start, middle, end };

// At most one decimal: enough for a screen, and short.
std::string coordinate(double value);

// About how wide that text is, in units of the drawing.
double text_width(std::string_view printable_text);

class Svg {
 public:
  // `title` and `description` are what a screen reader says; they get escaped here. `id` is unique
  // in the page; the width is appended.
  Svg(std::string_view id, Width width, double height, std::string_view title,
      std::string_view description);

  void line(double x1, double y1, double x2, double y2, std::string_view css);
  void rect(double x, double y, double width, double height, std::string_view css);
  // The same with a tooltip, escaped here.
  void rect(double x, double y, double width, double height, std::string_view css,
            std::string_view tooltip);
  void circle(double x, double y, double radius, std::string_view css);
  // Escaped here.
  void text(double x, double y, std::string_view content, std::string_view css = "",
            Anchor anchor = Anchor::start);
  void path(std::string_view data, std::string_view css);
  // The same with a tooltip, escaped here.
  void path(std::string_view data, std::string_view css, std::string_view tooltip);
  // What is drawn between the two has the group's class.
  void open_group(std::string_view css);
  void open_group(std::string_view css, double stroke_width);
  void close_group() { out_ += "</g>"; }

  std::string finish();

 private:
  std::string out_;
};

// A <figure> with both drawings and a caption (already escaped): `draw` makes one of them.
template <class Draw>
void figure(std::string& out, std::string_view caption, const Draw& draw) {
  out += "<figure>";
  out += draw(Width::wide);
  out += draw(Width::narrow);
  if (!caption.empty()) out.append("<figcaption>").append(caption).append("</figcaption>");
  out += "</figure>\n";
}

}  // namespace joust::report::html
