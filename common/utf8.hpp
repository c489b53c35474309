#pragma once
// Text that every reader of a table can decode.

#include <string>
#include <string_view>

namespace joust {

// The text with U+FFFD in the place of each NUL and of each byte that belongs to no well-formed
// UTF-8 sequence.
std::string as_utf8(std::string_view text);

}  // namespace joust
