// Any bytes in the place of an encoded result are refused, or are exactly what encoding the decoded
// result gives again. Bytes of version 1 give those of version 2, which must say the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "common/result_codec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto form = joust::check_result(bytes);
  const auto result = joust::decode_result(bytes);
  if (form.has_value() != result.has_value()) std::abort();
  if (!result) return 0;
  if (form->seats != result->seats.size()) std::abort();
  for (const std::uint32_t seat : form->forfeits) {
    if (result->seats[seat].forfeit.empty()) std::abort();
  }
  std::string again;
  joust::encode_result(*result, again);
  if (data[0] >= 2) {
    if (again != bytes) std::abort();
    return 0;
  }
  const auto reread = joust::decode_result(again);
  if (!reread || reread->seats.size() != form->seats) std::abort();
  std::string twice;
  joust::encode_result(*reread, twice);
  if (twice != again) std::abort();
  return 0;
}
