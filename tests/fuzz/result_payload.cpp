// Any bytes in the place of an encoded result are refused, or are exactly what encoding the decoded
// result gives again.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/result_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto seats = joust::check_result(bytes);
  const auto result = joust::decode_result(bytes);
  if (seats.has_value() != result.has_value()) std::abort();
  if (!result) return 0;
  if (*seats != result->seats.size()) std::abort();
  std::string again;
  joust::encode_result(*result, again);
  if (again != bytes) std::abort();
  return 0;
}
