// Agents of a library for tests: one that trades like a built-in one, one that checks what it is
// told, and one that misbehaves.

#include <signal.h>
#include <unistd.h>
#include <joust/agent.hpp>

#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

[[noreturn]] void complain(const std::string& text) { throw std::logic_error(text); }

void require(bool is_so, const char* text) {
  if (!is_so) complain(text);
}

// Plays as the built-in NiceAgent would with other random numbers.
class Friendly : public joust::Agent {
 public:
  static joust::AgentType declare() {
    return joust::AgentType("Friendly", "accepts everything")
        .parameter(joust::Parameter::real("greed", 0.5).between(0, 1).about("of its own offers"))
        .parameter(joust::Parameter::text("mood", "calm").one_of({"calm", "merry"}))
        .parameter(joust::Parameter::integer_range("hours", 1, 4).unit("hours"))
        .parameter(joust::Parameter::file("notes"));
  }
  Friendly(const joust::Parameters& parameters, const joust::Setting& setting)
      : random_(setting.seed), greed_(parameters.real("greed")) {
    if (parameters.text("mood") == "merry" && greed_ == 1) {
      throw std::invalid_argument("greed = 1 is no merry thing");
    }
  }

  joust::Reply answer(const joust::Desk& desk, const joust::Talk& talk) override {
    if (talk.has_offer != 0) return joust::Reply::accept();
    const joust::Issues& issues = desk.issues(talk.selling != 0);
    const joust::Issue& price = issues.unit_price;
    const double wish = talk.selling != 0 ? greed_ : 1 - greed_;
    return joust::Reply::propose(
        {random_.integer(issues.quantity.low, issues.quantity.high), desk.day(),
         price.low + static_cast<int>(std::lround(wish * (price.high - price.low)))});
  }

 private:
  joust::Random random_;
  double greed_;
};

// Ends every negotiation: a game with it is the same as one with the built-in DoNothingAgent.
class Silent : public joust::Agent {
 public:
  static joust::AgentType declare() { return {"Silent", "trades nothing"}; }
  Silent(const joust::Parameters&, const joust::Setting&) {}
};

// Synchronous. Throws when what it is told does not fit together.
class Checker : public joust::Agent {
 public:
  static joust::AgentType declare() { return {"Checker", "wonders about everything"}; }
  Checker(const joust::Parameters&, const joust::Setting& setting) : setting_(setting) {}

  bool synchronous() const override { return true; }

  void begin_day(const joust::Desk& desk) override {
    require(desk.day() == days_begun_++, "a day was left out");
    require(desk.days() == setting_.days && desk.lines() == setting_.lines, "it is another game");
    require(desk.factory() < setting_.factories, "there is no such factory");
    check_utility(desk);
  }

  void act(const joust::Desk& desk, const joust::Talks& talks, joust::Replies& replies) override {
    require(talks.size() == replies.size() && talks.size() > 0, "not a reply for each talk");
    int agreed = 0;
    for (std::size_t i = 0; i < talks.size(); ++i) {
      const joust::Talk& talk = talks[i];
      const bool selling = talk.selling != 0;
      require(talk.partner != desk.factory() && talk.partner < setting_.factories, "who is that");
      const joust::Issues& issues = desk.issues(selling);
      if (talk.has_offer == 0) {
        replies[i] = joust::Reply::propose(
            {1, std::min(issues.day.high, desk.day() + 1), issues.unit_price.low});
      } else if (agreed + talk.offer.quantity <= desk.needed(selling)) {
        agreed += talk.offer.quantity;
        replies[i] = joust::Reply::accept();
      }
    }
  }

  void on_agreement(const joust::Desk& desk, int, bool selling,
                    const joust::Offer& offer) override {
    const int on_desk = selling ? desk.sales_on(offer.day) : desk.supplies_on(offer.day);
    require(on_desk >= offer.quantity, "the desk does not know of an agreement");
    require(offer.day - desk.day() <= desk.ahead(), "an agreement beyond the horizon");
  }

 private:
  // Buying and selling one unit is worth what the outcome says, and more material costs more.
  static void check_utility(const joust::Desk& desk) {
    const joust::Trade input = joust::bought({1, desk.day(), 10});
    const joust::Trade output = joust::sold({1, desk.day(), 30});
    joust_desk alone = desk.c_form();
    alone.struct_size = sizeof(alone);
    alone.exogenous_in = alone.exogenous_out = alone.inventory = 0;
    alone.exogenous_in_price = alone.exogenous_out_price = 0;
    alone.balance = 1000;
    alone.own_price_scale = 0;
    const joust::Desk free = desk.with(alone);
    require(free.utility({}) == 0, "nothing is worth something");
    require(free.utility({input, output}) == 20 - desk.production_cost(), "a wrong profit");
    const joust::Outcome wasted = free.outcome(&input, 1);
    require(wasted.leftover == 1 && wasted.paid == 10 && wasted.produced == 0, "a wrong outcome");
    const double cost = desk.disposal_cost() + desk.storage_cost();
    require(std::abs(wasted.utility + 10 + desk.input_price() * cost) < 1e-9, "a wrong cost");
  }

  joust::Setting setting_;
  int days_begun_ = 0;
};

[[gnu::noinline]] void fall_over() {
  ::raise(SIGSEGV);
  asm volatile("");  // so that the call is no jump
}

// Does something wrong on its third day.
class Rogue : public joust::Agent {
 public:
  static joust::AgentType declare() {
    return joust::AgentType("Rogue", "does wrong")
        .parameter(joust::Parameter::text("deed", "none"));
  }
  Rogue(const joust::Parameters& parameters, const joust::Setting& setting)
      : deed_(parameters.text("deed")) {
    const bool is_played = setting.days > 0;
    if (deed_ == "throw when made") complain("it was never meant to be");
    if (deed_ == "throw when made to play" && is_played) complain("stage fright");
    if (deed_ == "crash when made") fall_over();
  }

  void begin_day(const joust::Desk& desk) override {
    if (desk.day() != 2) return;
    if (deed_ == "throw") complain("it lost its nerve");
    if (deed_ == "throw a number") throw 42;
    if (deed_ == "crash") fall_over();
    while (deed_ == "hang") ::pause();
    while (deed_ == "wait" && !is_gate_open()) ::usleep(2000);
  }

 private:
  static bool is_gate_open() {
    const char* gate = std::getenv("JOUST_TEST_GATE");
    return gate == nullptr || ::access(gate, F_OK) == 0;
  }

  std::string deed_;
};

}  // namespace

JOUST_AGENTS(Friendly, Silent, Checker, Rogue)
