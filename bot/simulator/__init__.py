"""Local Telegram and Viber, with residents, for the demo and the tests.

An implementation of the platforms' documented protocols that shares no code with the adapters it tests.
"""

from bot.simulator.bubbles import Bubble, Button, Keyboard, Sent, Span
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import FaultKind, Faults, MessengerFaults
from bot.simulator.phone import Messenger, Phone, Resident
from bot.simulator.server import Simulator
from bot.simulator.telegram.phone import TelegramPhone
from bot.simulator.telegram.sim import TelegramSim
from bot.simulator.viber.phone import ViberPhone
from bot.simulator.viber.sim import ViberSim

__all__ = [
    "Bubble",
    "Button",
    "FaultKind",
    "Faults",
    "Keyboard",
    "Messenger",
    "MessengerFaults",
    "Phone",
    "Resident",
    "Sent",
    "Simulator",
    "SimulatorConfig",
    "Span",
    "TelegramPhone",
    "TelegramSim",
    "ViberPhone",
    "ViberSim",
]
