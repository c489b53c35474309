#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace joust {
namespace {

// The lead bytes of a length and what the byte after them may be (Unicode, table 3-7): that keeps
// out overlong forms, surrogates and what lies beyond U+10FFFF.
struct Form {
  std::uint8_t lead_low, lead_high;
  std::uint8_t second_low, second_high;
  std::size_t size;
};

constexpr std::array<Form, 9> kForms = {{{0x01, 0x7F, 0, 0, 1},
                                         {0xC2, 0xDF, 0x80, 0xBF, 2},
                                         {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                         {0xE1, 0xEC, 0x80, 0xBF, 3},
                                         {0xED, 0xED, 0x80, 0x9F, 3},
                                         {0xEE, 0xEF, 0x80, 0xBF, 3},
                                         {0xF0, 0xF0, 0x90, 0xBF, 4},
                                         {0xF1, 0xF3, 0x80, 0xBF, 4},
                                         {0xF4, 0xF4, 0x80, 0x8F, 4}}};

bool between(char c, std::uint8_t low, std::uint8_t high) {
  const auto byte = static_cast<std::uint8_t>(c);
  return low <= byte && byte <= high;
}

// Bytes of the sequence that `text` begins with; 0: none. REQUIRES: not empty.
std::size_t sequence_size(std::string_view text) {
  const auto form = std::find_if(kForms.begin(), kForms.end(), [&text](const Form& each) {
    return between(text[0], each.lead_low, each.lead_high);
  });
  if (form == kForms.end() || form->size > text.size()) return 0;
  if (form->size > 1 && !between(text[1], form->second_low, form->second_high)) return 0;
  const bool goes_on = std::all_of(text.begin() + std::min<std::size_t>(form->size, 2),
                                   text.begin() + static_cast<std::ptrdiff_t>(form->size),
                                   [](char c) { return between(c, 0x80, 0xBF); });
  return goes_on ? form->size : 0;
}

}  // namespace

std::string as_utf8(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string readable;
  while (!text.empty()) {
    const std::size_t size = sequence_size(text);
    readable += size == 0 ? kReplacement : text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return readable;
}

}  // namespace joust
