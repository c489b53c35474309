#include "runner/report/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>

namespace joust::report {
namespace {

constexpr std::size_t kTailBytes = 4096;
constexpr unsigned char kEscape = 0x1B;
constexpr unsigned char kBell = 0x07;

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// Strict UTF-8: no overlong forms, no surrogates.
CodePoint decode(std::string_view text, std::size_t at) {
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char lead = byte_at(text, at);
  if (lead < 0x80) return {.value = lead, .bytes = 1, .valid = true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return {};
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte_at(text, at + i);
    if ((next & 0xC0U) != 0x80) return {};
    value = value << 6U | (next & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kSmallest[length] || value > 0x10FFFF || surrogate) return {};
  return {.value = value, .bytes = length, .valid = true};
}

// Controls, and the marks that reorder the text around them.
bool is_harmful(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

// The position after the escape sequence that begins at `at`.
std::size_t skip_escape(std::string_view text, std::size_t at) {
  std::size_t next = at + 1;
  if (next >= text.size()) return next;
  if (text[next] == '[') {
    const auto is_final = [](char c) { return c >= '@' && c <= '~'; };
    const auto end =
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(next) + 1, text.end(), is_final);
    const auto position = static_cast<std::size_t>(end - text.begin());
    return std::min(position + 1, text.size());
  }
  if (text[next] == ']') {  // a window title, up to BEL or ESC backslash
    while (next < text.size() && byte_at(text, next) != kBell && byte_at(text, next) != kEscape) {
      ++next;
    }
    const bool bell = next < text.size() && byte_at(text, next) == kBell;
    return std::min(next + (bell ? 1 : 2), text.size());
  }
  return next + 1;
}

std::size_t column_width(std::uint32_t c) {
  return c >= 0x1100 && (c < 0x2000 || c >= 0x2E80) ? 2 : 1;
}

// The end of a file, and whether something lies before it.
std::string read_tail(const std::filesystem::path& file, bool& is_cut) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
  const std::size_t kept = std::min(size, kTailBytes);
  is_cut = kept < size;
  in.seekg(static_cast<std::streamoff>(size - kept));
  std::string tail(kept, '\0');
  in.read(tail.data(), static_cast<std::streamsize>(kept));
  tail.resize(static_cast<std::size_t>(in.gcount()));
  return tail;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string text;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const unsigned char byte = byte_at(bytes, at);
    if (byte == kEscape) {
      at = skip_escape(bytes, at);
      continue;
    }
    const CodePoint c = decode(bytes, at);
    if (byte == '\t' || byte == '\n' || byte == '\r') {
      text += ' ';
    } else if (!c.valid || is_harmful(c.value)) {
      text += '?';
    } else {
      text += bytes.substr(at, c.bytes);
    }
    at += c.bytes;
  }
  return text;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    width += column_width(c.value);
    at += c.bytes;
  }
  return width;
}

std::string clip(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  const std::string_view mark = width > 3 ? "..." : "";
  std::size_t room = width - mark.size();
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint c = decode(text, at);
    if (column_width(c.value) > room) break;
    room -= column_width(c.value);
    at += c.bytes;
  }
  return std::string(text.substr(0, at)) += mark;
}

std::string pad_right(std::string_view text, std::size_t width) {
  std::string padded = clip(text, width);
  padded.append(width - display_width(padded), ' ');
  return padded;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> last_words(const std::filesystem::path& file, std::size_t count) {
  bool is_cut = false;
  const std::string tail = read_tail(file, is_cut);
  std::vector<std::string> lines;
  std::size_t end = tail.size();
  while (lines.size() < count && end > 0) {
    const std::size_t brk = tail.find_last_of("\n\r", end - 1);
    const std::size_t begin = brk == std::string::npos ? 0 : brk + 1;
    std::string line = trimmed(printable(std::string_view(tail).substr(begin, end - begin)));
    const bool is_fragment = begin == 0 && is_cut;
    if (is_fragment && !lines.empty()) break;
    if (!line.empty()) lines.push_back(is_fragment ? "..." + line : line);
    end = brk == std::string::npos ? 0 : brk;
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace joust::report
