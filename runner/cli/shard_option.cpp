#include "runner/cli/shard_option.hpp"

#include <fmt/format.h>

#include <array>

#include "common/parse_number.hpp"

namespace joust::cli {
namespace {

constexpr std::string_view kAuto = "auto/";

struct IndexVariable {
  const char* name;
  std::uint32_t first;  // what the first of them has
};
constexpr std::array<IndexVariable, 3> kIndexVariables = {
    {{"SLURM_ARRAY_TASK_ID", 1}, {"JOB_COMPLETION_INDEX", 0}, {"CI_NODE_INDEX", 1}}};

Shard automatic(std::string_view count_text, const machine::Environment& environment) {
  const auto first = shard_from(fmt::format("1/{}", count_text));
  if (!first)
    throw ShardError(fmt::format("'{}' is no number of shards (1 to {})", count_text, kMostShards));
  for (const IndexVariable& variable : kIndexVariables) {
    const char* value = environment(variable.name);
    if (value == nullptr) continue;
    const auto number = parse_number<std::uint32_t>(value);
    const std::uint32_t last = variable.first + (first->count - 1);
    if (!number || *number < variable.first || *number > last) {
      throw ShardError(fmt::format("{} is '{}', not {} to {}: start {} of them", variable.name,
                                   value, variable.first, last, first->count));
    }
    return {*number - variable.first + 1, first->count};
  }
  throw ShardError(
      "which one this is says none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and "
      "CI_NODE_INDEX: none is set; name it yourself, as in 3/8");
}

}  // namespace

Shard parse_shard(const std::string& text, const machine::Environment& environment) {
  if (text.starts_with(kAuto)) {
    return automatic(std::string_view(text).substr(kAuto.size()), environment);
  }
  if (const auto shard = shard_from(text)) return *shard;
  throw ShardError(fmt::format(
      "'{}' is no shard: give I/N with I from 1 to N (at most {}), or auto/N", text, kMostShards));
}

}  // namespace joust::cli
