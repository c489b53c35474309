#pragma once
// A number that is the whole of a text.

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace joust {

// Decimal digits, for signed types and double with a '-' before them as the case may be; nothing
// for anything else ("", " 1", "+1", "1x") and for what does not fit the type. Double: also "1e3",
// "nan" and "inf".
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace joust
