#pragma once
// Numbers in texts of names and numbers, such as those under /proc and in control groups.

#include <cstdint>
#include <optional>
#include <string_view>

namespace joust {

// The number that follows the word `name` ("MemAvailable:", "oom_kill"); nothing when the word is
// not there, or something else follows. Words are parted by white space. Thread-safe.
std::optional<std::uint64_t> number_after(std::string_view name, std::string_view text);

// The number that the text begins with, after white space; nothing when something else is there,
// such as "max". Thread-safe.
std::optional<std::uint64_t> first_number(std::string_view text);

}  // namespace joust
