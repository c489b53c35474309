#include "common/shard.hpp"

#include <fmt/format.h>

#include "common/parse_number.hpp"

namespace joust {
namespace {

__extension__ using Wide = unsigned __int128;

// (sqrt(5)-1)/2 as a 64-bit fixed-point fraction: the same on every machine.
constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;

}  // namespace

std::uint64_t Shard::size(std::uint64_t worlds) const {
  const std::uint64_t blocks = worlds / count;
  return blocks + (task(blocks) < worlds ? 1 : 0);  // the last block may not be full
}

bool Shard::has(TaskIndex task) const { return this->task(position(task)) == task; }

TaskIndex Shard::task(std::uint64_t position) const {
  if (is_whole()) return position;
  const std::uint64_t fraction = position * kGolden;  // of 2^64: whole turns fall away
  const auto turn = static_cast<std::uint64_t>(Wide{fraction} * count >> 64);
  return position * count + (index - 1 + count - turn) % count;
}

std::string shard_text(const Shard& shard) {
  return fmt::format("{}/{}", shard.index, shard.count);
}

std::optional<Shard> shard_from(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = parse_number<std::uint32_t>(text.substr(0, slash));
  const auto count = parse_number<std::uint32_t>(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count || *count > kMostShards) {
    return std::nullopt;
  }
  return Shard{*index, *count};
}

}  // namespace joust
