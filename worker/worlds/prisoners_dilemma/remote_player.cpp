#include "worker/worlds/prisoners_dilemma/remote_player.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "common/parse_number.hpp"
#include "worker/worlds/agents/messages.hpp"

namespace joust::worlds::prisoners_dilemma {
namespace {

using Json = nlohmann::json;

constexpr std::string_view letter(Move move) { return move == Move::cooperate ? "C" : "D"; }

// REQUIRES: agents::read_error() has accepted the line.
Move read_move(std::string_view line) {
  const Json answer = Json::parse(line);
  const auto move = answer.find("move");
  if (move == answer.end()) agents::reject("an answer without 'move'", line);
  for (const Move each : {Move::cooperate, Move::defect}) {
    if (*move == letter(each)) return each;
  }
  agents::reject("'move' must be \"C\" or \"D\"", line);
}

class HostedPlayer : public agents::HostedAgent {
 public:
  explicit HostedPlayer(const Strategy& strategy) : strategy_(strategy) {}

  std::string answer(std::string_view type, std::string_view message) override {
    const Json json = Json::parse(message);
    if (type == "begin") return begin(json);
    if (type == "round") return choose(json);
    return {};
  }

 private:
  std::string begin(const Json& message) {
    rng_ = Rng(*parse_number<std::uint64_t>(message.at("seed64").get<std::string>()));
    mine_.clear();
    theirs_.clear();
    their_defections_ = 0;
    return {};
  }

  std::string choose(const Json& message) {
    if (message.contains("mine")) {
      mine_.push_back(move_of(message.at("mine")));
      theirs_.push_back(move_of(message.at("theirs")));
      if (theirs_.back() == Move::defect) ++their_defections_;
    }
    const Move move = strategy_.choose({mine_, theirs_, their_defections_}, rng_);
    return fmt::format(R"(,"move":"{}")", letter(move));
  }

  static Move move_of(const Json& json) {
    return json == letter(Move::cooperate) ? Move::cooperate : Move::defect;
  }

  const Strategy& strategy_;
  Rng rng_;
  std::vector<Move> mine_;
  std::vector<Move> theirs_;
  std::size_t their_defections_ = 0;
};

}  // namespace

Move RemotePlayer::choose(const View& view) {
  std::string past;
  if (!view.mine.empty()) {
    past = fmt::format(R"(,"mine":"{}","theirs":"{}")", letter(view.mine.back()),
                       letter(view.theirs.back()));
  }
  const agents::Moment moment = {"round", view.mine.size() + 1};
  const auto answer = session_.call("round", past, moment);
  if (!answer) return Move::cooperate;
  try {
    return read_move(*answer);
  } catch (const agents::BadAnswer& error) {
    session_.break_off(moment, error.what());
    return Move::cooperate;
  }
}

std::unique_ptr<agents::HostedAgent> make_hosted_player(std::string_view strategy) {
  return std::make_unique<HostedPlayer>(find_strategy(strategy));
}

}  // namespace joust::worlds::prisoners_dilemma
