#include "runner/report/markdown_escape.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_alnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_punctuation(char c) { return std::ispunct(static_cast<unsigned char>(c)) != 0; }

class Escaper {
 public:
  Escaper(std::string text, bool in_table) : text_(std::move(text)), in_table_(in_table) {}

  std::string escaped() const {
    std::string escaped;
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] == '<' && begins_tag(at)) {
        escaped += "&lt;";
      } else if (text_[at] == '&' && begins_entity(at)) {
        escaped += "&amp;";
      } else {
        if (needs_backslash(at)) escaped += '\\';
        escaped += text_[at];
      }
    }
    return escaped;
  }

 private:
  // What stands beside the text is not known: '\0'.
  char before(std::size_t at) const { return at == 0 ? '\0' : text_[at - 1]; }
  char after(std::size_t at) const { return at + 1 < text_.size() ? text_[at + 1] : '\0'; }

  bool needs_backslash(std::size_t at) const {
    switch (text_[at]) {
      case '`':
      case '[':
      case '$':  // mathematics, on GitHub
        return true;
      case '|':
        return in_table_;
      case '\\':
        return is_punctuation(after(at)) || after(at) == '\0';
      case '*':
      case '~':
        return before(at) != ' ' || after(at) != ' ';
      case '_':
        return !is_alnum(before(at)) || !is_alnum(after(at));
      case '#':
        return closes_heading(at);
      default:
        return makes_link(at);
    }
  }

  bool begins_tag(std::size_t at) const {
    const char next = after(at);
    return is_letter(next) || next == '/' || next == '!' || next == '?';
  }

  bool begins_entity(std::size_t at) const {
    std::size_t end = at + 1;
    while (end < text_.size() && (is_alnum(text_[end]) || text_[end] == '#')) ++end;
    return end > at + 1 && end < text_.size() && text_[end] == ';';
  }

  bool closes_heading(std::size_t at) const {
    const std::size_t other = text_.find_last_not_of('#');
    return at + 1 == text_.size() && (other == std::string::npos || text_[other] == ' ');
  }

  // GitHub makes links of addresses that nothing marks as such.
  bool makes_link(std::size_t at) const {
    switch (text_[at]) {
      case '@':
        return before(at) != '\0' && before(at) != ' ' && is_alnum(after(at));
      case '.':
        return word_before(at) == "www";
      case ':': {
        constexpr std::array<std::string_view, 5> kSchemes = {"http", "https", "ftp", "mailto",
                                                              "xmpp"};
        return std::find(kSchemes.begin(), kSchemes.end(), word_before(at)) != kSchemes.end();
      }
      default:
        return false;
    }
  }

  // The letters that end there, in lower case.
  std::string word_before(std::size_t end) const {
    std::size_t begin = end;
    while (begin > 0 && is_letter(text_[begin - 1])) --begin;
    std::string word = text_.substr(begin, end - begin);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
  }

  std::string text_;
  bool in_table_;
};

}  // namespace

std::string markdown_text(std::string_view bytes) {
  return Escaper(printable(bytes), false).escaped();
}

std::string markdown_cell(std::string_view bytes) {
  return Escaper(printable(bytes), true).escaped();
}

std::string markdown_code(std::string_view bytes) {
  const std::string text = printable(bytes);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string space = longest > 0 ? " " : "";
  return fence + space + text + space + fence;
}

}  // namespace joust::report
