#include "common/number_after.hpp"

#include <sstream>
#include <string>

#include "common/parse_number.hpp"

namespace joust {

std::optional<std::uint64_t> number_after(std::string_view name, std::string_view text) {
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (word != name) continue;
    std::string number;
    words >> number;
    return parse_number<std::uint64_t>(number);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> first_number(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string number;
  words >> number;
  return parse_number<std::uint64_t>(number);
}

}  // namespace joust
