# Writes OUT, a C++ file with the text of CSS and JS and the script's SHA-256 in base64.
#   cmake -DCSS=... -DJS=... -DOUT=... -P embed.cmake
cmake_minimum_required(VERSION 3.25)
file(READ ${CSS} style)
file(READ ${JS} script)
string(SHA256 hex "${script}")

set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
set(base64 "")
macro(append_digit value)
  string(SUBSTRING ${alphabet} ${value} 1 digit)
  string(APPEND base64 ${digit})
endmacro()
# 64 hex digits: 21 times three of them are two digits of base64, the last one is a digit and "="
foreach(position RANGE 0 60 3)
  string(SUBSTRING ${hex} ${position} 3 three)
  math(EXPR high "0x${three} >> 6")
  math(EXPR low "0x${three} & 63")
  append_digit(${high})
  append_digit(${low})
endforeach()
string(SUBSTRING ${hex} 63 1 last)
math(EXPR rest "0x${last} << 2")
append_digit(${rest})

file(WRITE ${OUT} "#include \"runner/report/html/assets.hpp\"

namespace joust::report::html {

std::string_view style_sheet() { return R\"joust(${style})joust\"; }
std::string_view script() { return R\"joust(${script})joust\"; }
std::string_view script_hash() { return \"${base64}=\"; }

}  // namespace joust::report::html
")
