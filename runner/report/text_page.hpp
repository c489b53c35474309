#pragma once
// Where the text report is written: lines of at most 100 columns, in colour or not.

#include <ostream>
#include <string>
#include <string_view>

#include "runner/report/paint.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {

class TextPage {
 public:
  static constexpr std::size_t kWidth = 100;
  static constexpr std::size_t kLabel = 11;

  TextPage(std::ostream& out, bool colour) : out_(out), paint_(colour) {}

  std::ostream& out() { return out_; }
  const Paint& paint() const { return paint_; }

  void line(std::string_view text = {}) { out_ << text << '\n'; }
  void clipped(std::string_view text) { line(clip(text, kWidth)); }
  void title(std::string_view text) { out_ << '\n' << paint_.bold(text) << '\n'; }

  // Never cut: for paths and commands, which are there to be copied.
  void labelled(std::string_view label, std::string_view text) {
    out_ << paint_.bold(pad_right(label, kLabel)) << text << '\n';
  }

  // Continuation lines stand below the text.
  void labelled_wrapped(std::string_view label, std::string_view text) {
    for (const std::string& part : wrap(text, kWidth - kLabel)) {
      labelled(label, clip(part, kWidth - kLabel));
      label = {};
    }
  }

  void wrapped(std::string_view text) {
    for (const std::string& part : wrap(text, kWidth)) line(part);
  }
  // Set in by two columns, continuation lines by two more.
  void item(std::string_view text) {
    std::string_view indent = "  ";
    for (const std::string& part : wrap(text, kWidth - 4)) {
      line(std::string(indent) += clip(part, kWidth - 4));
      indent = "    ";
    }
  }
  void alarm(std::string_view text) {
    for (const std::string& part : wrap(text, kWidth)) line(paint_.alarm(part));
  }

 private:
  std::ostream& out_;
  Paint paint_;
};

}  // namespace joust::report
