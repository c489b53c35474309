#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "common/text.hpp"

namespace joust {
namespace {

// Python's repr writes plain digits for decimal exponents in [-4, 16) and an exponent of at least
// two digits outside of it.
constexpr int kFirstPlainExponent = -4;
constexpr int kFirstLargeExponent = 16;

struct Decimal {
  std::string digits;  // the shortest ones that identify the value; no leading or trailing zeros
  int exponent = 0;    // of the first digit
};

// REQUIRES: finite and not negative.
Decimal shortest_decimal(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t mark = text.find('e');
  Decimal decimal;
  for (const char c : text.substr(0, mark)) {
    if (c != '.') decimal.digits += c;
  }
  std::string_view exponent = text.substr(mark + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.exponent);
  return decimal;
}

std::string plain(const Decimal& decimal) {
  if (decimal.exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-decimal.exponent - 1), '0') +
           decimal.digits;
  }
  const auto whole = static_cast<std::size_t>(decimal.exponent) + 1;
  if (decimal.digits.size() <= whole) {
    return decimal.digits + std::string(whole - decimal.digits.size(), '0') + ".0";
  }
  return decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
}

std::string with_exponent(const Decimal& decimal) {
  std::string text = decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  const std::string size = std::to_string(std::abs(decimal.exponent));
  text += decimal.exponent < 0 ? "e-" : "e+";
  if (size.size() < 2) text += '0';
  return text + size;
}

}  // namespace

std::string format_double(double value) {
  if (std::isnan(value)) return "nan";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  const Decimal decimal = shortest_decimal(std::fabs(value));
  const bool is_plain =
      decimal.exponent >= kFirstPlainExponent && decimal.exponent < kFirstLargeExponent;
  return sign + (is_plain ? plain(decimal) : with_exponent(decimal));
}

}  // namespace joust
