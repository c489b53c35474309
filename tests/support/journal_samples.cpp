#include "tests/support/journal_samples.hpp"

#include <fmt/format.h>

#include <thread>

#include "common/hash.hpp"
#include "runner/journal/reader.hpp"

namespace joust::test {

journal::RunIdentity sample_identity() {
  return {.name = "sample",
          .spec_text = "[tournament]\nname = \"sample\"\n",
          .inputs = {{"catalog.json", "{\"a\": 1}\n"}, {"empty.txt", ""}},
          .overrides = {{"seed", "7"}},
          .deciding = {{"tournament.seed", "7"}, {"world.name", "\"chaos\""}},
          .worlds = 756};
}

std::string sample_result(TaskIndex task, std::size_t size) {
  std::string bytes;
  for (std::uint64_t word = 0; bytes.size() < size; ++word) {
    const std::uint64_t value = hash_numbers({task, word});
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  bytes.resize(size);
  return bytes;
}

void add_result(journal::Batch& batch, TaskIndex task, std::size_t size) {
  const std::string bytes = sample_result(task, size);
  batch.add(journal::ResultRow{.task = task,
                               .attempt = 1,
                               .played = Duration(1000 + task),
                               .encoded = bytes,
                               .slot = static_cast<SlotIndex>(task % 4),
                               .at = 1'700'000'000'000 + static_cast<journal::UnixMillis>(task)});
}

void submit(journal::Writer& writer, journal::Batch& batch) {
  while (!writer.try_submit(batch)) std::this_thread::yield();
}

std::vector<std::string> dump(const std::filesystem::path& run_dir) {
  const journal::Reader reader(run_dir);
  std::vector<std::string> lines;
  for (const auto& [key, value] : reader.meta()) lines.push_back("meta " + key + "=" + value);
  reader.for_each_result([&](const journal::ResultRow& row) {
    lines.push_back(fmt::format("result {}.{} {}ns {} bytes {} slot {} at {}", row.task,
                                row.attempt, row.played.count(), row.encoded.size(),
                                hash_hex(row.encoded), row.slot, row.at));
  });
  reader.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    lines.push_back(fmt::format("failed {}.{} {} '{}' slot {} epoch {} {}ns at {} '{}' {} '{}' {}",
                                row.task, row.attempt, cause_name(row.cause), row.detail, row.slot,
                                row.epoch, row.played.count(), row.at, row.log, row.charged,
                                row.stack, row.culprit ? static_cast<int>(*row.culprit) : -1));
  });
  for (const journal::QuarantineRow& row : reader.quarantined()) {
    lines.push_back(fmt::format("quarantine {} {}", row.task, cause_name(row.cause)));
  }
  return lines;
}

}  // namespace joust::test
