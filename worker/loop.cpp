#include "worker/loop.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>

#include "common/bytes.hpp"
#include "common/environment.hpp"
#include "common/result_codec.hpp"
#include "common/task_decoder.hpp"
#include "common/text.hpp"
#include "common/tournament.hpp"

namespace joust::worker {
namespace {

TimePoint monotonic_now() { return TimePoint(std::chrono::steady_clock::now().time_since_epoch()); }

class ChannelContext : public WorldContext {
 public:
  explicit ChannelContext(ChannelClient& channel) : channel_(channel) {}
  void begin(AttemptNumber attempt) { attempt_ = attempt; }

  void progress(std::uint64_t step, std::uint64_t of) override {
    channel_.report_progress(step, of);
  }
  bool stop_requested() const override { return channel_.stop_requested(); }
  AttemptNumber attempt() const override { return attempt_; }
  void log(std::string_view line) override {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  }

 private:
  ChannelClient& channel_;
  AttemptNumber attempt_ = 0;
};

// Plays one task into `message`; the type says whether it is a result or a failure.
class Player {
 public:
  Player(ChannelClient& channel, const PlanShape& shape, World& world)
      : channel_(channel), decoder_(shape), world_(world), context_(channel) {}

  void play(const RecordHeader& record) {
    world_.prepare();  // before it begins: what fails here is not the world's
    const TimePoint start = monotonic_now();
    channel_.begin(record);
    context_.begin(record.attempt);
    message_.assign(sizeof(std::uint64_t), '\0');  // the time played, filled in below
    const WorldTask task = decode(record.task);
    const MessageType type = try_play(task);
    const Duration played = monotonic_now() - start;
    const auto nanoseconds = static_cast<std::uint64_t>(played.count());
    std::memcpy(message_.data(), &nanoseconds, sizeof(nanoseconds));
    std::fflush(stdout);
    channel_.send(type, record, message_, played);
  }

 private:
  WorldTask decode(TaskIndex index) {
    if (index >= decoder_.plan().worlds()) {
      throw ChannelBroken(fmt::format("there is no task {} in the plan", index));
    }
    return decoder_.decode(index);
  }

  MessageType try_play(const WorldTask& task) {
    try {
      const WorldResult result = world_.play(task, context_);
      require_all_scores(task, result);
      encode_result(result, message_);
    } catch (const ChannelBroken&) {
      throw;
    } catch (const WorldFailure& failure) {
      return fail(failure.cause, failure.what());
    } catch (const CompetitorFault& fault) {
      // a seat that there is not names nobody
      const bool is_seat = fault.seat < task.seats.size();
      return fail(Cause::world_error, fault.what(), is_seat ? fault.seat : kNoCulprit);
    } catch (const std::bad_alloc&) {
      return fail(Cause::out_of_memory, "the world could get no more memory (std::bad_alloc)");
    } catch (const std::exception& error) {
      return fail(Cause::world_error, error.what());
    } catch (...) {
      return fail(Cause::world_error, "an exception that is not a std::exception");
    }
    const std::uint64_t size = message_.size() - sizeof(std::uint64_t);
    if (size <= channel_.max_message()) return MessageType::result;
    return fail(Cause::result_too_large,
                fmt::format("the result has {} bytes; the limit is {} ([workers] max_result)", size,
                            format_size(channel_.max_message())));
  }

  MessageType fail(Cause cause, std::string_view text, std::uint32_t culprit = kNoCulprit) {
    message_.resize(sizeof(std::uint64_t));
    message_.shrink_to_fit();
    put_number(message_, static_cast<std::uint8_t>(cause));
    put_number(message_, culprit);
    message_.append(text.substr(0, kLongestFailure));
    return MessageType::failure;
  }

  ChannelClient& channel_;
  TaskDecoder decoder_;
  World& world_;
  ChannelContext context_;
  std::string message_;
};

}  // namespace

void serve(ChannelClient& channel, const WorldRegistry& worlds) {
  const WorkerBrief brief = decode_brief(channel.receive_brief());
  std::unique_ptr<World> world;
  try {
    const WorldType* type = worlds.maker_of(brief.setup);
    if (type == nullptr) {
      throw SetupError(fmt::format("joust-worker knows no world '{}'", brief.setup.world));
    }
    limit_library_threads(brief.setup.threads);
    world = type->make(brief.setup);
    world->prepare();
  } catch (const WorldFailure&) {
    throw;  // another worker may have better luck: this one ends, and says why
  } catch (const std::exception& error) {
    channel.send(MessageType::not_ready, {}, error.what(), Duration::zero());
    return;
  }
  channel.send(MessageType::ready, {}, {}, Duration::zero());
  Player player(channel, brief.shape, *world);
  RecordHeader record;
  while (channel.next_task(record)) {
    if (static_cast<MessageType>(record.type) == MessageType::task) player.play(record);
  }
  channel.set_phase(Phase::stopping);
}

}  // namespace joust::worker
